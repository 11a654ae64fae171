//! The thread that listens to one child until its end, and sees to what its end leaves undone.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use super::child::{self, Child, Ear};
use super::frame::{Role, ToParent};
use super::jobs::Ended;
use super::start::{failure, refusal};
use super::{Children, Living, State};
use crate::engine::StartError;
use loopscope_probe::News;
use loopscope_trace::{Batch, JobId, ProcessId};

/// The thread's body.
pub(super) fn listen(children: &Arc<Children>, child: &Arc<Child>, mut ear: Ear) {
    while let Some(frame) = child::listen(&mut ear) {
        match frame {
            ToParent::Ready => children.ready(child.id),
            ToParent::Failed { reason, errno } => children.failed(match errno {
                Some(errno) => refusal(&io::Error::from_raw_os_error(errno)),
                None => failure(reason),
            }),
            ToParent::Batch { batch, open } => children.batch(child.id, batch, open),
            ToParent::Done { .. } => {
                let mut state = children.state();
                state.desk.done(child.id);
                state.dispatch();
            }
        }
    }
    let status = child.bury();
    children.ended(child, status);
}

impl Children {
    fn ready(&self, id: ProcessId) {
        let mut state = self.state();
        if let Some(living) = state.find(id) {
            living.ready = true;
            living.heard = Instant::now();
        }
        if self.hello.role == Role::Jobs {
            state.desk.idle(id);
            state.dispatch();
        }
        self.changed.notify_all();
    }

    fn failed(&self, failure: StartError) {
        self.state().failure.get_or_insert(failure);
        self.changed.notify_all();
    }

    fn batch(&self, process: ProcessId, batch: Batch, open: usize) {
        if let Some(living) = self.state().find(process) {
            living.open = open;
            living.upto = batch.upto;
            living.heard = Instant::now();
        }
        self.inbox
            .leave(&self.recorder, News::Batch { process, batch });
    }

    /// A child is gone. A pool gets another one in its place; a copy of the server does not.
    fn ended(self: &Arc<Self>, child: &Child, status: i32) {
        let mut state = self.state();
        let was_ready = state.find(child.id).is_some_and(|living| living.ready);
        state.living.retain(|living| living.child.id != child.id);
        let mut unfinished: Vec<_> = state.desk.gone(child.id).into_iter().collect();
        let replace = self.hello.role == Role::Jobs && was_ready && !state.closed;
        drop(state);
        // A child that dies before it is ready would be followed by another one of its kind.
        if replace && let Err(error) = self.add() {
            self.failed(refusal(&error));
        }
        let mut state = self.state();
        if state.living.is_empty() {
            unfinished.extend(state.desk.give_up());
        }
        drop(state);
        let jobs: Vec<JobId> = unfinished.iter().map(|job| job.order.job).collect();
        // Told before anybody goes on because of it.
        self.inbox.leave(
            &self.recorder,
            News::Ended {
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
    pub(super) fn dispatch(&mut self) {
        while let Some((id, frame)) = self.desk.next() {
            if let Some(living) = self.find(id) {
                // Whoever cannot hear it is gone, and then its job is ended by its ear.
                let _ = living.child.tell(&frame);
            }
        }
    }

    pub(super) fn find(&mut self, id: ProcessId) -> Option<&mut Living> {
        self.living.iter_mut().find(|living| living.child.id == id)
    }
}
