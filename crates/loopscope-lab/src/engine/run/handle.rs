//! A run that goes on, for the one who has started it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};

use parking_lot::Mutex;

use crate::engine::clock::signal::Signal;
use crate::engine::requests::command::Command;
use crate::engine::requests::open::OpenCount;
use crate::engine::run::counters::Summary;
use loopscope_trace::{Batch, ClientId, FunctionId};

/// A run that goes on; dropping it stops it.
#[derive(Debug)]
pub struct Run {
    pub(crate) batches: Receiver<Batch>,
    pub(crate) clients: Sender<Command>,
    pub(crate) asked: Arc<Signal>,
    pub(crate) open: OpenCount,
    pub(crate) first: Option<(ClientId, FunctionId)>,
    pub(crate) summary: Arc<Mutex<Option<Summary>>>,
    pub(crate) over: Arc<AtomicBool>,
}

impl Run {
    /// What happens, in order: a batch every few milliseconds, also when nothing happened, so that
    /// `upto` goes on. Closed after the run's end and its shutdown.
    pub fn batches(&self) -> &Receiver<Batch> {
        &self.batches
    }

    /// Sends one more real request, now, to the first route that the scenario's clients use.
    /// False where there is no server, or the run is over.
    pub fn send_request(&self, client: Option<ClientId>) -> bool {
        let Some((first, function)) = self.first else {
            return false;
        };
        let open = self.open.begin();
        if self.asked.given() || self.over.load(Ordering::Acquire) {
            return false;
        }
        let command = Command::Live(client.unwrap_or(first), function, open);
        self.clients.send(command).is_ok()
    }

    /// Ends the run; returns at once.
    pub fn stop(&self) {
        self.asked.give();
    }

    /// What the run counted, once it is over.
    pub fn tally(&self) -> Option<Summary> {
        *self.summary.lock()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.stop();
    }
}
