//! The thread that collects a run's events, sees its end, and ends it.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::client::Command;
use super::runtime::Counters;
use super::signal::Signal;
use super::stage::OpenCount;
use crate::probe::{Collector, Tally};
use crate::trace::{Batch, EndReason, Nanos};

/// Between two looks at the rings.
const PERIOD: Duration = Duration::from_millis(2);
/// How long the end of the last task may take to show after its program has ended.
const PATIENCE: Duration = Duration::from_millis(50);

/// What a run counted, once it is over: by the hooks, and by tokio itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// What the hooks told.
    pub hooks: Tally,
    /// What tokio counted.
    pub tokio: Counters,
}

/// What the supervisor is given.
pub(super) struct Supervisor {
    pub(super) collector: Collector,
    pub(super) batches: Sender<Batch>,
    /// Somebody asks for the end.
    pub(super) asked: Arc<Signal>,
    /// Tells everybody in the run to let go.
    pub(super) halt: Arc<Signal>,
    pub(super) halt_loop: oneshot::Sender<()>,
    pub(super) open: OpenCount,
    pub(super) limit: Nanos,
    pub(super) clients: Sender<Command>,
    pub(super) client_thread: JoinHandle<()>,
    pub(super) loop_thread: JoinHandle<Counters>,
    pub(super) summary: Arc<Mutex<Option<Summary>>>,
}

impl Supervisor {
    /// The body of the supervisor's thread.
    pub(super) fn run(mut self) {
        let reason = self.watch();
        // First the end, then the shutdown: what ends from now on was unfinished.
        self.collector.run_ended(reason);
        self.asked.give();
        self.halt.give();
        let _ = self.halt_loop.send(());
        let _ = self.clients.send(Command::End);
        let _ = self.client_thread.join();
        let tokio = self.loop_thread.join().unwrap_or_default();
        let batch = self.collector.finish();
        let _ = self.batches.send(batch);
        let summary = Summary {
            hooks: self.collector.tally(),
            tokio,
        };
        *self.summary.lock().unwrap_or_else(PoisonError::into_inner) = Some(summary);
    }

    /// Hands on batches until the run is over.
    fn watch(&mut self) -> EndReason {
        let mut quiet_since = None;
        loop {
            if self.asked.wait(PERIOD) {
                return EndReason::Stopped;
            }
            let batch = self.collector.scan();
            if self.batches.send(batch).is_err() {
                return EndReason::Stopped;
            }
            if self.limit > Nanos::ZERO && self.collector.now() >= self.limit {
                return EndReason::Limit;
            }
            if self.open.get() > 0 {
                quiet_since = None;
                continue;
            }
            // The programs have ended; their tasks' last events may still be on their way.
            let since = *quiet_since.get_or_insert_with(Instant::now);
            if self.collector.open_tasks() == 0 || since.elapsed() > PATIENCE {
                return EndReason::Finished;
            }
        }
    }
}
