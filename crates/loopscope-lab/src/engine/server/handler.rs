//! A request being served, as FastAPI does it: its dependencies, its handler, and what comes after.

use std::sync::Arc;
use std::task;
use std::task::{Poll, Waker};

use loopscope_probe::{Announcement, Boxed};
use loopscope_trace::{FunctionId, JobId, TaskRole};

use crate::engine::requests::incoming::Reply;
use crate::engine::state::shared_values;
use crate::engine::state::stopping::Serving;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::{self, Flow, JobSpec, nothing, unless_halted};
use crate::engine::steps::launch::constant;
use crate::engine::steps::spawn_blocking::{Body, start_job};
use crate::scenario::model::expression::Value;
use crate::scenario::model::step::{Action, Step};

/// What a piece of a generator's work came to.
enum Piece {
    /// A piece of the answer; the generator stands where it gave it.
    Chunk(Boxed<'static, (Flow, Value)>),
    /// The generator's end.
    End(Value),
}

/// Whether a body gives pieces of an answer.
pub(crate) fn has_chunks(body: &[Step]) -> bool {
    body.iter().any(|step| {
        matches!(step.action, Action::Chunk(_)) || step.action.bodies().into_iter().any(has_chunks)
    })
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
        match job.finish(cx.cell()).await {
            Some(Piece::Chunk(more)) => rest = more,
            Some(Piece::End(value)) => return value,
            None => return nothing(),
        }
        if let Some(reply) = &cx.reply {
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
    if !function.is_async && has_chunks(&function.body) {
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
    let frame = Frame::new(&called.params, arguments);
    let is_handler = called.route.is_some();
    let name = if is_handler { &*cx.name } else { &called.name };
    let job = start_job(cx, name.to_owned(), None, Body::Function(id), frame);
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
    let _ = state.spawn(*first, on, announcement, name, move |me| async move {
        let cx = Context::for_task(shared, me, &label, on, open, play);
        for (id, arguments) in calls {
            serve(&cx, id, arguments).await;
        }
        drop(serving);
    });
}
