//! Blocking work on tokio's pool, watched: queued, started, ended.

use std::panic::Location;
use std::thread;

use loopscope_trace::{EventKind, JobId, Outcome, ThreadRole};
use tokio::task::JoinHandle;

use crate::record::current;
use crate::record::recorder::Recorder;

/// Does `work` on a thread of the current runtime's pool as [`tokio::task::spawn_blocking`] does,
/// watched: the job is called by the place of this call, and wakes the task that awaits it by name.
///
/// # Panics
/// Outside of a tokio runtime.
#[track_caller]
pub fn spawn_blocking<R>(
    recorder: &Recorder,
    work: impl FnOnce() -> R + Send + 'static,
) -> JoinHandle<R>
where
    R: Send + 'static,
{
    let id = recorder.new_job();
    recorder.record(EventKind::JobQueued {
        job: id,
        parent: current::task(),
        name: recorder.core.texts.place(Location::caller()),
        pool: 0,
    });
    // Made here: work that is dropped in the queue has ended as well.
    let job = Job {
        recorder: recorder.clone(),
        id,
        outcome: Outcome::NeverPolled,
    };
    tokio::task::spawn_blocking(move || job.run(work))
}

/// Tells the end of its job when it is dropped.
struct Job {
    recorder: Recorder,
    id: JobId,
    outcome: Outcome,
}

impl Job {
    fn run<R>(mut self, work: impl FnOnce() -> R) -> R {
        if current::thread_role().is_none() {
            current::set_thread_role(ThreadRole::Pool);
        }
        current::set_job(self.id);
        self.outcome = Outcome::Cancelled;
        let thread = self.recorder.thread();
        self.recorder.record(EventKind::JobStarted {
            job: self.id,
            thread,
        });
        let result = work();
        self.outcome = Outcome::Completed;
        result
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let outcome = match self.outcome {
            Outcome::NeverPolled => Outcome::Cancelled,
            Outcome::Cancelled if thread::panicking() => Outcome::Panicked,
            outcome => outcome,
        };
        self.recorder.record(EventKind::JobEnded {
            job: self.id,
            outcome,
        });
    }
}
