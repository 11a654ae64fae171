//! 2 RUN IT: plays a [`Scenario`] on a real tokio runtime that the probe watches.
//!
//! *In:* a scenario and a pace. *Out:* [`Batch`]es of events. *Invariant:* a stopped run leaves no
//! thread behind after 50 ms. *Absent on purpose:* what the events mean, and how they are drawn.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use crate::scenario::Scenario;
use crate::trace::{Batch, ClientId};

/// At what pace, and with which random choices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Scenario seconds in a wall second.
    pub speed: f64,
    /// Seeds tokio's own random choices.
    pub seed: u64,
}

/// Why a run could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The operating system refused a thread or a runtime.
    #[error("the runtime could not be started: {0}")]
    Runtime(#[from] std::io::Error),
}

/// A run that goes on; dropping it stops it.
#[derive(Debug)]
pub struct Run {
    batches: Receiver<Batch>,
}

impl Run {
    /// What happens, in order; closed after the batch with the run's end.
    pub fn batches(&self) -> &Receiver<Batch> {
        &self.batches
    }

    /// Sends one more real request, now, to the first route that the scenario's clients use.
    /// False where there is no server, or the run is over.
    pub fn send_request(&self, _client: Option<ClientId>) -> bool {
        false
    }

    /// Ends the run; returns at once.
    pub fn stop(&self) {}
}

/// Starts a run.
pub fn start(_scenario: Arc<Scenario>, _options: &Options) -> Result<Run, StartError> {
    let (_sender, batches) = std::sync::mpsc::channel();
    Ok(Run { batches })
}
