//! The thread that reads the frames of one child, and cleans up after the child's end.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use loopscope_probe::Report;
use loopscope_trace::{Batch, JobId, ProcessId};

use crate::engine::children::child::{self, Child, Reader, Role, ToParent};
use crate::engine::children::pool::{ChildState, Children, Ended, State};
use crate::engine::options::StartError;

/// Why a child that the system did start cannot be used.
pub(crate) const fn failure(reason: String) -> StartError {
    StartError::Child {
        reason,
        cure: "run `loopscope doctor`, and see whether this program may start itself",
    }
}

/// Why the system did not start a child, and what helps.
pub(crate) fn refusal(error: &io::Error) -> StartError {
    use rustix::io::Errno;

    let cure = match Errno::from_io_error(error) {
        Some(Errno::AGAIN) => "raise the limit on processes (`ulimit -u`), or ask for fewer",
        Some(Errno::MFILE | Errno::NFILE) => {
            "raise the limit on open files (`ulimit -n`), or ask for fewer"
        }
        Some(Errno::NOMEM) => "free some memory, or ask for fewer",
        _ => "see whether this program may start itself",
    };
    let text = error.to_string();
    let reason = text.split(" (os error").next().unwrap_or_default();
    StartError::Child {
        reason: reason.to_owned(),
        cure,
    }
}

/// The thread's body.
pub(crate) fn read_all(children: &Arc<Children>, child: &Arc<Child>, mut input: Reader) {
    // A child that does not speak like one of ours is as good as ended.
    while let Ok(Some(frame)) = child::read(&mut input) {
        match frame {
            ToParent::Ready => children.ready(child.id),
            ToParent::Failed { reason, errno } => children.failed(match errno {
                Some(errno) => refusal(&io::Error::from_raw_os_error(errno)),
                None => failure(reason),
            }),
            ToParent::Batch { batch, open } => children.batch(child.id, batch, open),
            ToParent::Done { .. } => {
                let mut state = children.state.lock();
                state.queue.done(child.id);
                state.dispatch();
            }
        }
    }
    let status = child.wait();
    children.ended(child, status);
}

impl Children {
    fn ready(&self, id: ProcessId) {
        let mut state = self.state.lock();
        if let Some(alive) = state.find(id) {
            alive.ready = true;
            alive.last_frame = Instant::now();
        }
        if self.hello.role == Role::Jobs {
            state.queue.idle(id);
            state.dispatch();
        }
        self.changed.notify_all();
    }

    fn failed(&self, failure: StartError) {
        self.state.lock().failure.get_or_insert(failure);
        self.changed.notify_all();
    }

    fn batch(&self, process: ProcessId, batch: Batch, open: usize) {
        if let Some(alive) = self.state.lock().find(process) {
            alive.open = open;
            alive.upto = batch.upto;
            alive.last_frame = Instant::now();
        }
        self.inbox
            .send(&self.recorder, Report::Batch { process, batch });
    }

    /// A child is gone. A pool gets another one in its place; a copy of the server does not.
    fn ended(self: &Arc<Self>, child: &Child, status: i32) {
        let mut state = self.state.lock();
        let was_ready = state.find(child.id).is_some_and(|alive| alive.ready);
        state.alive.retain(|alive| alive.child.id != child.id);
        let mut unfinished: Vec<_> = state.queue.remove(child.id).into_iter().collect();
        let replace = self.hello.role == Role::Jobs && was_ready && !state.closed;
        drop(state);
        // A child that dies before it is ready would be followed by another one of its kind.
        if replace && let Err(error) = self.add() {
            self.failed(refusal(&error));
        }
        let mut state = self.state.lock();
        if state.alive.is_empty() {
            unfinished.extend(state.queue.drain());
        }
        drop(state);
        let jobs: Vec<JobId> = unfinished.iter().map(|job| job.order.job).collect();
        // Recorded before any task goes on because of it.
        self.inbox.send(
            &self.recorder,
            Report::Ended {
                process: child.id,
                status,
                jobs,
            },
        );
        for job in unfinished {
            let _ = job.done.send(Ended::Killed);
        }
        self.changed.notify_all();
    }
}

impl State {
    /// Gives jobs that wait to children that are idle.
    pub(crate) fn dispatch(&mut self) {
        while let Some((id, frame)) = self.queue.next() {
            if let Some(alive) = self.find(id) {
                // A child that cannot be written to is gone, and then its reader ends its job.
                let _ = alive.child.send(&frame);
            }
        }
    }

    pub(crate) fn find(&mut self, id: ProcessId) -> Option<&mut ChildState> {
        self.alive.iter_mut().find(|alive| alive.child.id == id)
    }
}
