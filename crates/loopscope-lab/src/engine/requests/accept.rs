//! A request being served, as FastAPI does it, and the accept task of a server.

use std::sync::Arc;
use std::task;
use std::task::{Poll, Waker};

use loopscope_probe::{Announcement, Boxed, TaskCell};
use loopscope_trace::{EventKind, FunctionId, JobId, TaskRole, WaitOn};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::state::incoming::{Incoming, Reply};
use crate::engine::state::listed::Written;
use crate::engine::state::open::Serving;
use crate::engine::state::run_state::RunState;
use crate::engine::state::shared_values::{self, place};
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::interpret::play;
use crate::engine::steps::job::{self, Flow, JobSpec, let_pass, nothing, unless_halted};
use crate::engine::steps::launch::constant;
use crate::engine::steps::spawn_blocking::{Body, start_job};
use crate::scenario::model::expression::Value;
use crate::scenario::model::parts;
use crate::scenario::model::step::Action;

/// What a piece of a generator's work came to.
enum Piece {
    /// A piece of the answer; the generator stands where it gave it.
    Chunk(Boxed<'static, (Flow, Value)>),
    /// The generator's end.
    End(Value),
}

/// Runs a plain generator: each piece is a job of its own.
pub(crate) async fn stream(cx: &Context, id: FunctionId) -> Value {
    let mut own = cx.for_job(JobId::NONE);
    own.streams = true;
    let own = Arc::new(own);
    let running = Arc::clone(&own);
    let mut rest: Boxed<'static, (Flow, Value)> =
        Box::pin(async move { running.call(id, Vec::new()).await });
    let order = JobSpec {
        parent: cx.task(),
        name: cx.name.to_string(),
        pool: None,
    };
    loop {
        let own = Arc::clone(&own);
        let_pass(cx.cell(), cx.state.semantics.turns_to_job()).await;
        let at = cx.state.listed.at(Written::Function(id));
        let job = job::queue(&cx.state, &order, move |job| {
            own.become_job(job);
            match rest
                .as_mut()
                .poll(&mut task::Context::from_waker(Waker::noop()))
            {
                Poll::Ready((Flow::Halted, _)) => None,
                Poll::Ready((_, value)) => Some(Piece::End(value)),
                Poll::Pending => Some(Piece::Chunk(rest)),
            }
        });
        drop(at);
        match job.finish(cx.cell()).await {
            Some(Piece::Chunk(more)) => rest = more,
            Some(Piece::End(value)) => return value,
            None => return nothing(),
        }
        if let Some(reply) = &cx.reply {
            cx.state.system_call();
            reply.send_offered();
        }
    }
}

/// What the handler needs first, and then itself.
pub(crate) async fn handle(cx: &Context, id: FunctionId) -> Value {
    let Some(function) = cx.state.function(id) else {
        return nothing();
    };
    for call in &function.depends {
        let arguments = call.arguments.iter().map(constant).collect();
        serve(cx, call.function, arguments).await;
    }
    if !function.is_async && parts::any(&function.body, |action| matches!(action, Action::Chunk(_)))
    {
        return stream(cx, id).await;
    }
    serve(cx, id, Vec::new()).await
}

/// Runs a function as FastAPI does: on the loop, or, a plain one, on the pool.
async fn serve(cx: &Context, id: FunctionId, arguments: Vec<Value>) -> Value {
    let Some(called) = cx.state.function(id) else {
        return nothing();
    };
    if called.is_async {
        let (flow, value) = cx.call(id, arguments).await;
        unless_halted(flow).await;
        return value;
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
pub(crate) fn close(cx: &Context, value: &Value) {
    let Some(reply) = &cx.reply else { return };
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

/// What was asked for after the response, one after the other, as one task.
pub(crate) fn after(cx: Context, serving: Serving) {
    let calls = cx.reply.as_deref().map(Reply::take_after);
    let calls = calls.unwrap_or_default();
    let Some((first, _)) = calls.first() else {
        return;
    };
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
    let _ = state.spawn(*first, on, announcement, name, move |me| async move {
        let cx = Context::for_task(shared, me, &label, on, open, play);
        for (id, arguments) in calls {
            serve(&cx, id, arguments).await;
        }
        drop(serving);
    });
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
        let value = handle(&cx, id).await;
        close(&cx, &value);
        after(cx, serving);
    });
}
