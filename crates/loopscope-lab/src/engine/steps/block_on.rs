//! The step `block_on`: a thread that waits for a task of another loop or of its own.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;
use std::{task, thread};

use loopscope_trace::{BlockKind, EventKind, Nanos, StepId};
use tokio::task::coop;

use crate::engine::steps::context::Context;
use crate::engine::steps::flow::{Flow, nothing};
use crate::engine::steps::frame::Frame;
use crate::engine::steps::launch::launch;
use crate::scenario::model::expression::{Call, Value};

/// How long a thread may wait before it looks whether the run was halted.
const HALT_POLL: Duration = Duration::from_millis(5);

/// Wakes a thread that waits; a wake that comes before the wait is kept.
struct ThreadWaker(Thread);

impl Wake for ThreadWaker {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a function as a task and holds this thread until it has ended. `Left` where the limit
/// ran out first: the task goes on.
pub(crate) fn block_on(
    cx: &Context,
    step: StepId,
    call: &Call,
    on: Option<usize>,
    limit: Option<Nanos>,
    frame: &Frame,
) -> Result<Value, Flow> {
    let name = cx.name_of(call);
    let (cell, handle) = launch(cx, call, &name, on, frame);
    let (state, actor) = (&cx.state, cx.actor());
    let (recorder, thread) = (&state.recorder, state.recorder.thread());
    recorder.record(EventKind::BlockStarted {
        actor,
        thread,
        kind: BlockKind::Task,
    });
    let task = cell.id();
    recorder.record(EventKind::BlockedOn { actor, task });
    let until = limit.map(|limit| state.host.now() + limit);
    let waited = state.without_gil(|| {
        // This thread is no task: tokio's budget must not make it look elsewhere.
        let mut handle = pin!(coop::unconstrained(handle));
        let waker = Waker::from(Arc::new(ThreadWaker(thread::current())));
        let mut ended = None;
        let computed = state.host.wait(until, &mut || {
            let mut context = task::Context::from_waker(Waker::noop());
            if let Poll::Ready(result) = handle.as_mut().poll(&mut context) {
                ended = Some(result.unwrap_or_else(|_| nothing()));
            }
            ended.is_some()
        });
        match (computed, ended) {
            (None, _) => {}
            (Some(_), Some(value)) => return Ok(value),
            (Some(_), None) if until.is_some_and(|until| until <= state.host.now()) => {
                return Err(Flow::Return);
            }
            (Some(_), None) => return Err(Flow::Halted),
        }
        loop {
            let mut context = task::Context::from_waker(&waker);
            if let Poll::Ready(result) = handle.as_mut().poll(&mut context) {
                return Ok(result.unwrap_or_else(|_| nothing()));
            }
            if state.halt.given() {
                return Err(Flow::Halted);
            }
            let left = until.map(|until| until.since(state.host.now()));
            if left == Some(Nanos::ZERO) {
                return Err(Flow::Return);
            }
            let wall = left.map_or(HALT_POLL, |left| left.wall(state.speed));
            thread::park_timeout(wall.min(HALT_POLL));
        }
    });
    if waited == Err(Flow::Return) {
        recorder.record(EventKind::TimedOut { actor, step });
    }
    recorder.record(EventKind::BlockEnded { actor, thread });
    waited
}
