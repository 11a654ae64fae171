//! `block_on`: a thread that waits for another loop's task, or for one of its own loop's.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::task::coop;

use super::cx::Cx;
use super::flow::Flow;
use super::frame::Frame;
use super::signal::Bell;
use super::values::nothing;
use crate::scenario::{Call, Value};
use loopscope_trace::{BlockKind, EventKind, Nanos, StepId};

/// How long a thread may wait before it looks whether the run was halted.
const GLANCE: Duration = Duration::from_millis(5);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.ring();
    }
}

impl Cx {
    /// Runs a function as a task and holds this thread until it has ended. `Left` where the limit
    /// ran out first: the task goes on.
    pub(super) fn block_on(
        &self,
        step: StepId,
        call: &Call,
        on: Option<usize>,
        limit: Option<Nanos>,
        frame: &Frame,
    ) -> Result<Value, Flow> {
        let name = self.name_of(call);
        let (cell, handle) = self.launch_child(call, &name, on, frame);
        let (stage, actor) = (&self.stage, self.actor());
        let (recorder, thread) = (&stage.recorder, stage.recorder.thread());
        recorder.record(EventKind::BlockStarted {
            actor,
            thread,
            kind: BlockKind::Task,
        });
        let task = cell.id();
        recorder.record(EventKind::BlockedOn { actor, task });
        let until = limit.map(|limit| stage.host.now() + limit);
        let waited = stage.without_gil(|| {
            // This thread is no task: tokio's budget must not make it look elsewhere.
            let mut handle = pin!(coop::unconstrained(handle));
            let bell = Arc::new(Bell::default());
            let waker = Waker::from(Arc::clone(&bell));
            let mut ended = None;
            let computed = stage.host.wait(until, &mut || {
                let mut context = Context::from_waker(Waker::noop());
                if let Poll::Ready(result) = handle.as_mut().poll(&mut context) {
                    ended = Some(result.unwrap_or_else(|_| nothing()));
                }
                ended.is_some()
            });
            match (computed, ended) {
                (None, _) => {}
                (Some(_), Some(value)) => return Ok(value),
                (Some(_), None) if until.is_some_and(|until| until <= stage.host.now()) => {
                    return Err(Flow::Left);
                }
                (Some(_), None) => return Err(Flow::Halted),
            }
            loop {
                let mut context = Context::from_waker(&waker);
                if let Poll::Ready(result) = handle.as_mut().poll(&mut context) {
                    return Ok(result.unwrap_or_else(|_| nothing()));
                }
                if stage.halt.given() {
                    return Err(Flow::Halted);
                }
                let left = until.map(|until| until.since(stage.host.now()));
                if left == Some(Nanos::ZERO) {
                    return Err(Flow::Left);
                }
                let wall = left.map_or(GLANCE, |left| left.wall(stage.speed));
                bell.wait(wall.min(GLANCE));
            }
        });
        if waited == Err(Flow::Left) {
            recorder.record(EventKind::TimedOut { actor, step });
        }
        recorder.record(EventKind::BlockEnded { actor, thread });
        waited
    }
}
