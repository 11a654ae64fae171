//! Tasks: put on a loop, awaited, aborted; and coroutines that are not started.

use loopscope_probe::{Announcement, Boxed, Branch, Coroutine};
use loopscope_trace::{TaskRole, WaitOn};
use tokio::task::JoinHandle;

use crate::engine::state::shared_values::number;
use crate::engine::steps::context::Context;
use crate::engine::steps::flow::{Flow, nothing};
use crate::engine::steps::frame::{Frame, Started};
use crate::engine::steps::launch::launch;
use crate::scenario::model::expression::{Call, Value};

/// Puts a function on its loop, and keeps it under a name.
pub(crate) fn spawn(cx: &Context, call: &Call, name: &str, on: Option<usize>, frame: &Frame) {
    let (cell, handle) = launch(cx, call, name, on, frame);
    frame.keep(name, Started::Task(cell, handle));
}

/// Makes a coroutine. Without a name it cannot be awaited, and it is dropped here.
pub(crate) fn create(cx: &Context, call: &Call, name: Option<&String>, frame: &Frame) {
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
    let coroutine = Coroutine::new(&cx.state.recorder, announcement, body);
    if let Some(name) = name {
        frame.keep(name, Started::Coroutine(coroutine));
    }
}

/// Waits for what was started under a name, or runs the coroutine that was made under it.
pub(crate) async fn wait(cx: &Context, name: &str, into: Option<&String>, frame: &Frame) -> Flow {
    let (flow, value) = match frame.take(name) {
        Some(Started::Task(cell, handle)) => (
            Flow::Continue,
            end_of(cx, WaitOn::Task(cell.id()), handle).await,
        ),
        Some(Started::Job(job)) => (Flow::Continue, job.end(cx.cell()).await),
        Some(Started::Coroutine(coroutine)) => coroutine.await,
        None => (Flow::Continue, nothing()),
    };
    frame.put(into, value);
    flow
}

/// The result of a task. A panic of the other is recorded by its own end, and leaves this alone.
pub(crate) async fn end_of(cx: &Context, on: WaitOn, handle: JoinHandle<Value>) -> Value {
    // What has ended already is no wait.
    if !handle.is_finished() {
        cx.waits_for(on);
    }
    handle.await.unwrap_or_else(|_| nothing())
}

/// Aborts what was started under a name: a task at its await; a job only while it is queued.
pub(crate) fn abort(cx: &Context, name: &str, frame: &Frame) {
    match frame.take(name) {
        Some(Started::Task(cell, handle)) => {
            if !handle.is_finished() {
                cell.aborted(cx.as_cause());
                handle.abort();
            }
            frame.keep(name, Started::Task(cell, handle));
        }
        Some(Started::Job(job)) => {
            job.abort();
            frame.keep(name, Started::Job(job));
        }
        Some(Started::Coroutine(_)) | None => {}
    }
}
