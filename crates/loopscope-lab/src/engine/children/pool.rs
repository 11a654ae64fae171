//! The child processes of a run.
//!
//! No child outlives its parent: a child ends itself at the end of its input, which comes with the
//! parent's death however it dies; an ended run kills a child that does not end.

use std::collections::VecDeque;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use loopscope_probe::{Inbox, Recorder};
use loopscope_trace::{JobId, Nanos, ProcessId};
use parking_lot::{Condvar, Mutex, MutexGuard};
use tokio::sync::oneshot;

use crate::engine::children::child::{Child, Hello, ProcessJob, Role, ToChild};
use crate::engine::options::{Program, StartError};

/// How a job on a child process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The child did it to the end.
    Done,
    /// The child was killed, or there is no child any more.
    Killed,
}

/// A job and the task that waits for it.
#[derive(Debug)]
pub(crate) struct PendingJob {
    pub(crate) order: ProcessJob,
    pub(crate) done: oneshot::Sender<Ended>,
}

/// The idle children, the busy ones with their jobs, and the jobs that wait.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    idle: VecDeque<ProcessId>,
    busy: Vec<(ProcessId, PendingJob)>,
    waiting: VecDeque<PendingJob>,
}

impl Queue {
    /// A child has nothing to do.
    pub(crate) fn idle(&mut self, child: ProcessId) {
        self.idle.push_back(child);
    }

    /// A job has come.
    pub(crate) fn add(&mut self, job: PendingJob) {
        self.waiting.push_back(job);
    }

    /// The next child and its frame.
    pub(crate) fn next(&mut self) -> Option<(ProcessId, ToChild)> {
        if self.waiting.is_empty() {
            return None;
        }
        let child = self.idle.pop_front()?;
        let job = self.waiting.pop_front()?;
        let frame = ToChild::Work(job.order.clone());
        self.busy.push((child, job));
        Some((child, frame))
    }

    /// The child has done its job.
    pub(crate) fn done(&mut self, child: ProcessId) {
        if let Some(job) = self.take(child) {
            let _ = job.done.send(Ended::Done);
        }
        self.idle(child);
    }

    /// The child is gone; the job that it had.
    pub(crate) fn remove(&mut self, child: ProcessId) -> Option<PendingJob> {
        self.idle.retain(|idle| *idle != child);
        self.take(child)
    }

    /// The child that does the job.
    fn child_of(&self, job: JobId) -> Option<ProcessId> {
        let (child, _) = self.busy.iter().find(|(_, busy)| busy.order.job == job)?;
        Some(*child)
    }

    /// Takes a job out of the queue; `None` where it does not wait there.
    pub(crate) fn withdraw(&mut self, job: JobId) -> Option<PendingJob> {
        let place = self
            .waiting
            .iter()
            .position(|waits| waits.order.job == job)?;
        self.waiting.remove(place)
    }

    /// All jobs that wait; no child is left to do them.
    pub(crate) fn drain(&mut self) -> Vec<PendingJob> {
        self.waiting.drain(..).collect()
    }

    fn take(&mut self, child: ProcessId) -> Option<PendingJob> {
        let place = self.busy.iter().position(|(busy, _)| *busy == child)?;
        Some(self.busy.swap_remove(place).1)
    }
}

/// How long all children together may take until they are ready.
pub(crate) const READY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a child whose input was closed may take.
const GRACE: Duration = Duration::from_millis(30);

/// The silence after which a copy of the server is not waited for at the run's end.
const SILENCE: Duration = Duration::from_millis(250);

/// The children of a run.
#[derive(Debug)]
pub(crate) struct Children {
    pub(crate) recorder: Recorder,
    pub(crate) inbox: Inbox,
    pub(crate) program: Program,
    pub(crate) hello: Hello,
    pub(crate) state: Mutex<State>,
    pub(crate) changed: Condvar,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) alive: Vec<ChildState>,
    pub(crate) queue: Queue,
    /// The front listener, until all copies of the server have it.
    pub(crate) listener: Option<UnixListener>,
    pub(crate) readers: Vec<JoinHandle<()>>,
    pub(crate) started: u32,
    pub(crate) begun: Option<Duration>,
    pub(crate) closed: bool,
    pub(crate) failure: Option<StartError>,
}

#[derive(Debug)]
pub(crate) struct ChildState {
    pub(crate) child: Arc<Child>,
    pub(crate) ready: bool,
    /// How much of the story is not over there, as of `upto`.
    pub(crate) open: usize,
    pub(crate) upto: Nanos,
    pub(crate) last_frame: Instant,
}

impl Children {
    /// The run has begun: their clocks too.
    pub(crate) fn begin(&self) {
        let Some(origin) = self.recorder.started_at() else {
            return;
        };
        let mut state = self.state.lock();
        state.begun = Some(origin);
        for alive in &state.alive {
            // The reader of a child that is gone sees to it.
            let _ = alive.child.send(&ToChild::Begin { origin });
        }
    }

    /// Hands a job to the pool; `None` where there is no child any more.
    pub(crate) fn submit(&self, order: ProcessJob) -> Option<oneshot::Receiver<Ended>> {
        let mut state = self.state.lock();
        if state.closed || state.alive.is_empty() {
            return None;
        }
        let (done, end) = oneshot::channel();
        state.queue.add(PendingJob { order, done });
        state.dispatch();
        Some(end)
    }

    /// Takes a job out of the queue; false where it does not wait there (any more).
    pub(crate) fn withdraw(&self, job: JobId) -> bool {
        self.state.lock().queue.withdraw(job).is_some()
    }

    /// Kills the child that does the job.
    pub(crate) fn kill(&self, job: JobId) {
        let mut state = self.state.lock();
        if let Some(alive) = state.queue.child_of(job).and_then(|id| state.find(id)) {
            alive.child.kill();
        }
    }

    /// Whether nothing of the story is open in any of them, as of a moment after `since`.
    pub(crate) fn quiet(&self, since: Nanos) -> bool {
        self.hello.role == Role::Jobs
            || self.state.lock().alive.iter().all(|alive| {
                let over = alive.open == 0 && alive.upto > since;
                over || alive.last_frame.elapsed() > SILENCE
            })
    }

    /// Ends all children: politely, and after a moment by force.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        for alive in &state.alive {
            alive.child.close_input();
        }
        self.wait(&mut state, GRACE, |state| state.alive.is_empty());
        for alive in &state.alive {
            alive.child.kill();
        }
        self.wait(&mut state, READY_TIMEOUT, |state| state.alive.is_empty());
        let readers = std::mem::take(&mut state.readers);
        let all = state.alive.is_empty();
        drop(state);
        if all {
            for reader in readers {
                let _ = reader.join();
            }
        }
    }

    /// Waits until the children are so, or for `length`.
    pub(crate) fn wait(
        &self,
        state: &mut MutexGuard<'_, State>,
        length: Duration,
        until: impl Fn(&State) -> bool,
    ) {
        self.changed
            .wait_while_for(state, |state| !until(state), length);
    }
}
