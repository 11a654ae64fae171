//! Tasks: put on a loop, awaited, aborted, waited for by a thread; and coroutines that are not started.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};
use std::thread::Thread;
use std::{task, thread};

use loopscope_probe::{Announcement, Boxed, Branch, Coroutine};
use loopscope_trace::{BlockKind, EventKind, Nanos, StepId, TaskRole, WaitOn};
use tokio::task::coop;

use crate::engine::state::listed::Written;
use crate::engine::state::locks::HALT_POLL;
use crate::engine::state::run_state::RunState;
use crate::engine::state::shared_values::number;
use crate::engine::steps::cancel::{Awaited, Spawned, settle};
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::{Frame, Started};
use crate::engine::steps::job::{End, Flow, end_of_call, nothing};
use crate::engine::steps::launch::launch;
use crate::scenario::model::expression::{Call, Value};
use crate::scenario::model::scenario::is_used;

/// Puts a function on its loop, and keeps it under a name.
pub(crate) fn spawn(cx: &Context, call: &Call, name: &str, on: Option<usize>, frame: &Frame) {
    let task = launch(cx, call, name, on, frame);
    // What no later step names has no variable that would keep it.
    let own = cx.state.function(frame.function);
    if own.is_some_and(|own| is_used(own, name)) {
        frame.keep(name, Started::Task(task));
    }
}

/// Makes a coroutine. Without a name it cannot be awaited, and it is dropped here.
pub(crate) fn create(cx: &Context, call: &Call, name: Option<&String>, frame: &Frame) {
    let coroutine = coroutine(cx, call, frame);
    if let Some(name) = name {
        frame.keep(name, Started::Coroutine(coroutine));
    }
}

/// Makes a coroutine of a call: a future of this task, which nothing polls by itself.
pub(crate) fn coroutine(cx: &Context, call: &Call, frame: &Frame) -> Coroutine<(Flow, Value)> {
    let own = cx.branch();
    let (id, arguments) = (call.function, cx.arguments(call, frame));
    let cell = own.cell().cloned();
    let body: Boxed<'static, (Flow, Value)> =
        Box::pin(async move { own.call(id, arguments).await });
    let announcement = Announcement {
        function: number(id),
        parent: cx.task(),
        on: cx.state.thread_of(cx.on),
        ..Announcement::new(
            TaskRole::Coroutine,
            cx.state.recorder.intern(&cx.name_of(call)),
        )
    };
    let body: Boxed<'static, (Flow, Value)> = match cell {
        Some(cell) => Box::pin(Branch::new(cell, body)),
        None => body,
    };
    Coroutine::new(&cx.state.recorder, announcement, body)
}

/// Waits for what was started under a name, or runs the coroutine that was made under it.
///
/// With `shield` it goes on although this is cancelled.
pub(crate) async fn wait(
    cx: &Context,
    (name, shield): (&str, bool),
    into: Option<&String>,
    frame: &Frame,
) -> Flow {
    let cancels = cx.state.semantics.cancels_awaited() && !shield;
    let end = match frame.take(name) {
        Some(Started::Task(task)) => {
            let on = WaitOn::Task(task.cell.id());
            end_of(cx, on, cx.awaits(task, cancels)).await
        }
        Some(Started::Job(job)) => {
            let job = if shield { job.shielded() } else { job };
            job.end(cx.cell()).await
        }
        Some(Started::Coroutine(coroutine)) => {
            cx.polls(coroutine.id());
            let (flow, value) = coroutine.await;
            if flow == Flow::Halted {
                return flow;
            }
            end_of_call(flow, value)
        }
        Some(Started::Ended(value)) => Ok(value),
        None => Ok(nothing()),
    };
    cx.keep(end, into, frame)
}

/// What a task came to, once what was cancelled with it has ended, too.
pub(crate) async fn end_of(cx: &Context, on: WaitOn, task: Awaited) -> End {
    // What has ended already is no wait.
    if task.on().is_some() {
        cx.waits_for(on);
    }
    let (end, cancelled) = task.await;
    settle(cancelled, |on| cx.waits_for(on)).await;
    end
}

/// Aborts what was started under a name: a task at its await; a job only while it is queued.
pub(crate) fn abort(cx: &Context, name: &str, frame: &Frame) {
    match frame.take(name) {
        Some(Started::Task(task)) => {
            task.abort(cx.as_cause());
            frame.keep(name, Started::Task(task));
        }
        Some(Started::Job(job)) => {
            job.abort();
            frame.keep(name, Started::Job(job));
        }
        Some(ended @ Started::Ended(_)) => frame.keep(name, ended),
        Some(Started::Coroutine(_)) | None => {}
    }
}

/// Wakes a thread that waits; a wake that comes before the wait is kept.
struct ThreadWaker(Thread);

impl Wake for ThreadWaker {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a function as a task and holds this thread until it has ended. `Return` where the limit
/// ran out first: the task goes on. Else what the task came to.
pub(crate) fn block_on(
    cx: &Context,
    step: StepId,
    call: &Call,
    on: Option<usize>,
    limit: Option<Nanos>,
    frame: &Frame,
) -> Result<End, Flow> {
    let name = cx.name_of(call);
    let at = cx.state.listed.at(Written::Step(step));
    let task = launch(cx, call, &name, on, frame);
    drop(at);
    let (state, actor) = (&cx.state, cx.actor());
    let (recorder, thread) = (&state.recorder, state.recorder.thread());
    recorder.record(EventKind::BlockStarted {
        actor,
        thread,
        kind: BlockKind::Task,
    });
    let id = task.cell.id();
    recorder.record(EventKind::BlockedOn { actor, task: id });
    let until = limit.map(|limit| state.host.now() + limit);
    let waited = state.without_gil(|| hold_for(state, task, until));
    if waited == Err(Flow::Return) {
        recorder.record(EventKind::TimedOut { actor, step });
    }
    recorder.record(EventKind::BlockEnded { actor, thread });
    waited
}

/// Holds this thread until the task has ended or the moment has come, in computed or in real time.
fn hold_for(state: &RunState, task: Spawned, until: Option<Nanos>) -> Result<End, Flow> {
    let Spawned { handle, holder, .. } = task;
    // This thread is no task: tokio's budget must not make it look elsewhere.
    let mut handle = pin!(coop::unconstrained(handle));
    let waker = Waker::from(Arc::new(ThreadWaker(thread::current())));
    let mut end = |waker: &Waker| match handle.as_mut().poll(&mut task::Context::from_waker(waker))
    {
        Poll::Ready(result) => {
            holder.asked();
            Some(result.unwrap_or_else(|_| Ok(nothing())))
        }
        Poll::Pending => None,
    };
    let mut ended = None;
    let computed = state.host.wait(until, &mut || {
        ended = end(Waker::noop());
        ended.is_some()
    });
    let late = |until: Option<Nanos>| until.is_some_and(|until| until <= state.host.now());
    match (computed, ended) {
        (None, _) => {}
        (Some(_), Some(value)) => return Ok(value),
        (Some(_), None) if late(until) => return Err(Flow::Return),
        (Some(_), None) => return Err(Flow::Halted),
    }
    loop {
        if let Some(value) = end(&waker) {
            return Ok(value);
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
}
