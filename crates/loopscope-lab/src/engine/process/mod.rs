//! Child processes of this very program: a pool that works off jobs, or whole copies of the server.
//!
//! *In:* a scenario, and jobs. *Out:* news for the collector, and how each job ended.
//! *Invariant:* no child outlives its parent: a child ends itself at the end of its input, which
//! comes with the parent's death however it dies; an ended run kills what does not go.
//! *Absent on purpose:* what a job does, and the order of events.

mod child;
mod door;
mod ear;
mod fleet;
mod frame;
mod guest;
mod jobs;
mod start;
mod step;
mod worker;

use std::os::unix::net::UnixListener;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

pub use self::child::{COMMAND, use_program};
pub(super) use self::door::{Connection, accept};
pub(super) use self::fleet::drive;
pub(super) use self::frame::Order;
pub use self::guest::serve;
pub(super) use self::step::perform;

use self::child::{Child, lock};
use self::frame::{Hello, Role, ToChild};
use self::jobs::{Desk, Ended, Job};
use super::StartError;
use loopscope_probe::{Inbox, Recorder};
use loopscope_trace::{JobId, Nanos};

/// How long all children together may take until they are ready.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a child that was told to go may take.
const GRACE: Duration = Duration::from_millis(30);
/// A copy of the server that has been silent for so long is not waited for at the run's end.
const SILENCE: Duration = Duration::from_millis(250);

/// The children of a run.
#[derive(Debug)]
pub(super) struct Children {
    recorder: Recorder,
    inbox: Inbox,
    hello: Hello,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    living: Vec<Living>,
    desk: Desk,
    /// The front door, until all copies of the server have it.
    door: Option<UnixListener>,
    ears: Vec<JoinHandle<()>>,
    started: u32,
    begun: Option<Duration>,
    closed: bool,
    failure: Option<StartError>,
}

#[derive(Debug)]
struct Living {
    child: Arc<Child>,
    ready: bool,
    /// How much of the story is not over there, as of `upto`.
    open: usize,
    upto: Nanos,
    heard: Instant,
}

impl Children {
    /// The run has begun: their clocks too.
    pub(super) fn begin(&self) {
        let Some(origin) = self.recorder.started_at() else {
            return;
        };
        let mut state = self.state();
        state.begun = Some(origin);
        for living in &state.living {
            // Whoever is gone is missed by its ear.
            let _ = living.child.tell(&ToChild::Begin { origin });
        }
    }

    /// Hands a job to the pool; `None` where there is no child any more.
    pub(super) fn submit(&self, order: Order) -> Option<oneshot::Receiver<Ended>> {
        let mut state = self.state();
        if state.closed || state.living.is_empty() {
            return None;
        }
        let (done, end) = oneshot::channel();
        state.desk.add(Job { order, done });
        state.dispatch();
        Some(end)
    }

    /// Takes a job out of the queue; false where it does not wait there (any more).
    pub(super) fn withdraw(&self, job: JobId) -> bool {
        self.state().desk.withdraw(job).is_some()
    }

    /// Kills the child that does the job.
    pub(super) fn kill(&self, job: JobId) {
        let mut state = self.state();
        if let Some(living) = state.desk.who(job).and_then(|id| state.find(id)) {
            living.child.kill();
        }
    }

    /// Whether nothing of the story is open in any of them, as of a moment after `since`.
    pub(super) fn quiet(&self, since: Nanos) -> bool {
        self.hello.role == Role::Jobs
            || self.state().living.iter().all(|living| {
                let over = living.open == 0 && living.upto > since;
                over || living.heard.elapsed() > SILENCE
            })
    }

    /// Ends all children: politely, and after a moment by force.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        for living in &state.living {
            living.child.let_go();
        }
        state = self.wait(state, GRACE, |state| state.living.is_empty());
        for living in &state.living {
            living.child.kill();
        }
        state = self.wait(state, PATIENCE, |state| state.living.is_empty());
        let ears = std::mem::take(&mut state.ears);
        let all = state.living.is_empty();
        drop(state);
        if all {
            for ear in ears {
                let _ = ear.join();
            }
        }
    }

    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        length: Duration,
        until: impl Fn(&State) -> bool,
    ) -> MutexGuard<'a, State> {
        let waited = self
            .changed
            .wait_timeout_while(state, length, |state| !until(state));
        match waited {
            Ok((state, _)) => state,
            Err(poisoned) => poisoned.into_inner().0,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}
