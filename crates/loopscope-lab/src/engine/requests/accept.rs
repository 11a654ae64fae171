//! A request being served, as FastAPI does it, and the accept task of a server.

use std::sync::Arc;

use loopscope_probe::{Announcement, TaskCell};
use loopscope_trace::{EventKind, FunctionId, TaskRole, WaitOn};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::requests::generators::{Generator, stream};
use crate::engine::state::incoming::{Incoming, Reply};
use crate::engine::state::listed::Written;
use crate::engine::state::open::Serving;
use crate::engine::state::run_state::RunState;
use crate::engine::state::shared_values::{self, place};
use crate::engine::steps::cancel::{Cancelled, Spawned};
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::interpret::play;
use crate::engine::steps::job::{End, end_of_call, let_pass, nothing, unless_halted};
use crate::engine::steps::launch::constant;
use crate::engine::steps::lost::Lost;
use crate::engine::steps::request::encode;
use crate::engine::steps::spawn_blocking::{Body, start_job};
use crate::engine::steps::task::end_of;
use crate::scenario::model::expression::Value;
use crate::scenario::model::parts;
use crate::scenario::model::step::Action;

/// What the handler needs first, and then itself; an error of any ends it. What was left open for it comes into
/// `open`.
pub(crate) async fn handle(cx: &Context, id: FunctionId, open: &mut Vec<Generator>) -> End {
    let Some(function) = cx.state.function(id) else {
        return Ok(nothing());
    };
    for call in &function.depends {
        let arguments = call.arguments.iter().map(constant).collect();
        if has(cx, call.function, |action| {
            matches!(action, Action::YieldRequest)
        }) {
            open.extend(Generator::enter(cx, call.function, arguments).await?);
        } else {
            serve(cx, call.function, arguments).await?;
        }
    }
    if !function.is_async && has(cx, id, |action| matches!(action, Action::Chunk(_))) {
        return stream(cx, id).await;
    }
    serve(cx, id, Vec::new()).await
}

fn has(cx: &Context, id: FunctionId, wanted: impl Fn(&Action) -> bool) -> bool {
    let function = cx.state.function(id);
    function.is_some_and(|function| parts::any(&function.body, wanted))
}

/// Runs a function as FastAPI does: on the loop, or, a plain one, on the pool.
async fn serve(cx: &Context, id: FunctionId, arguments: Vec<Value>) -> End {
    let Some(called) = cx.state.function(id) else {
        return Ok(nothing());
    };
    if called.is_async {
        let (flow, value) = cx.call(id, arguments).await;
        unless_halted(flow).await;
        return end_of_call(flow, value);
    }
    let frame = Frame::new(id, &called.params, arguments);
    let is_handler = called.route.is_some();
    let name = if is_handler { &*cx.name } else { &called.name };
    let_pass(cx.cell(), cx.state.semantics.turns_to_job()).await;
    let at = cx.state.listed.at(Written::Function(id));
    let job = start_job(cx, name.to_owned(), None, Body::Function(id), frame);
    drop(at);
    job.end(cx.cell()).await
}

/// The answer goes out, if none did: what was kept, or what the function returned.
pub(crate) fn close(cx: &Context, handler: FunctionId, value: &Value) {
    let Some(reply) = &cx.reply else { return };
    if !reply.is_sent() {
        encode(cx, handler);
    }
    let text = if *value == nothing() {
        cx.state.texts.null()
    } else {
        cx.state.recorder.intern(&value.to_string())
    };
    if !reply.is_sent() {
        cx.state.system_call();
    }
    reply.close(text);
}

/// What the framework answers where an error has left the handler, if no answer went out.
fn fail(cx: &Context) {
    cx.fails();
    let Some(reply) = &cx.reply else { return };
    if !reply.is_sent() {
        cx.state.system_call();
    }
    reply.refuse(cx.state.recorder.intern("Internal Server Error"));
}

/// What was asked for after the response, one after the other, as one task.
pub(crate) fn after(cx: &Context, serving: Serving) -> Option<Spawned> {
    let calls = cx.reply.as_deref().map(Reply::take_after);
    let calls = calls.unwrap_or_default();
    let (first, _) = calls.first()?;
    let (state, on, play) = (Arc::clone(&cx.state), cx.on, cx.play());
    let called = state.function(*first);
    let name = called.map_or("background", |function| &*function.name);
    let announcement = Announcement {
        function: shared_values::number(*first),
        parent: cx.task(),
        ..Announcement::new(TaskRole::Background, state.recorder.intern(name))
    };
    let (shared, label, open) = (Arc::clone(&state), name.to_owned(), state.open.begin());
    let _at = state.listed.at(Written::Function(*first));
    let (cell, handle) = state.spawn(*first, on, announcement, name, move |me| async move {
        let cx = Context::for_task(shared, me, &label, on, open, play);
        for (id, arguments) in calls {
            // The first error ends them, with the answer long gone.
            if serve(&cx, id, arguments).await.is_err() {
                cx.fails();
                break;
            }
        }
        drop(serving);
        Ok(nothing())
    });
    Some(Spawned {
        cell,
        handle,
        cancelled: Cancelled::default(),
        holder: Lost::new(&cx.state.recorder).holder(),
    })
}

/// The accept task: takes all requests that wait, lets each the turns pass that the server needs for it, and
/// makes a task of it.
pub(crate) async fn accept(
    state: Arc<RunState>,
    me: Arc<TaskCell>,
    mut backlog: UnboundedReceiver<Incoming>,
) {
    // In the order in which they came, each with the turns that it still needs.
    let mut arriving: Vec<(u32, Incoming)> = Vec::new();
    loop {
        if arriving.is_empty() && backlog.is_empty() {
            me.waits_for(WaitOn::Backlog);
            let Some(incoming) = backlog.recv().await else {
                // All clients are gone; the server waits on, as a server does.
                return std::future::pending().await;
            };
            arriving.push((turns(&state, &incoming), incoming));
        }
        while let Ok(incoming) = backlog.try_recv() {
            arriving.push((turns(&state, &incoming), incoming));
        }
        if state.halt.given() {
            std::future::pending::<()>().await;
        }
        for (_, incoming) in arriving.extract_if(.., |(turns, _)| *turns == 0) {
            take(&state, incoming);
        }
        if !arriving.is_empty() {
            let_pass(Some(&me), 1).await;
        }
        for (turns, _) in &mut arriving {
            *turns -= 1;
        }
    }
}

fn turns(state: &RunState, incoming: &Incoming) -> u32 {
    state.semantics.turns_to_task(incoming.kept)
}

fn take(state: &Arc<RunState>, incoming: Incoming) {
    // It is read.
    state.system_call();
    if state.stopping.is_on() {
        refuse(state, &incoming);
    } else {
        dispatch(state, incoming);
    }
}

/// A server that is being stopped takes nothing more: the client's connection is reset.
fn refuse(state: &RunState, incoming: &Incoming) {
    let promise = incoming.promise.as_ref();
    if promise.is_none_or(|promise| promise.settle()) {
        state.recorder.record(EventKind::RequestGivenUp {
            request: incoming.request,
        });
    }
}

/// Gives the request a task: the function itself, or one that awaits it on the pool.
pub(crate) fn dispatch(state: &Arc<RunState>, incoming: Incoming) {
    let Some(called) = state.function(incoming.function) else {
        return;
    };
    let role = if called.is_async {
        TaskRole::Handler
    } else {
        TaskRole::Dispatch
    };
    let announcement = Announcement {
        function: shared_values::number(incoming.function),
        request: incoming.request,
        ..Announcement::new(role, state.recorder.intern(&incoming.name))
    };
    let reply = Arc::new(Reply::new(
        state.recorder.clone(),
        incoming.request,
        incoming.connection,
        incoming.promise,
    ));
    let shared = Arc::clone(state);
    let (id, on) = (incoming.function, called.on.map_or(0, place));
    let label = incoming.name.clone();
    let _at = state.listed.at(Written::Function(id));
    // The handle is dropped: a handler is not awaited.
    let _ = state.spawn(id, on, announcement, &label, move |me| async move {
        let serving = shared.stopping.serve();
        let mut cx = Context::for_task(shared, me, &incoming.name, on, incoming.open, play);
        cx.reply = Some(reply);
        let mut open = Vec::new();
        let value = match handle(&cx, id, &mut open).await {
            Ok(value) => value,
            Err(_) => {
                // What is left open ends where it stands, the last one first; what it owns is let go.
                while open.pop().is_some() {}
                return fail(&cx);
            }
        };
        close(&cx, id, &value);
        let after = after(&cx, serving).filter(|_| !open.is_empty());
        // What is left open for a request is left when all is done that comes after its answer.
        if let Some(task) = after {
            let on = WaitOn::Task(task.cell.id());
            let _ = end_of(&cx, on, cx.awaits(task, false)).await;
        }
        for dependency in open.into_iter().rev() {
            dependency.leave().await;
        }
    });
}
