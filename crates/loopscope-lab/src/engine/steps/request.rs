//! The steps of a request: its upload is read, and it is answered by `respond`, `chunk`, or the failure of a
//! step; and the step that stops the server.

use std::fs;
use std::future::poll_fn;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::task::Poll;

use loopscope_trace::{BlockKind, EventKind, FunctionId, StepId, TextId};

use crate::engine::state::listed::Written;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::{self, Flow, JobSpec, let_pass};
use crate::scenario::model::step::Step;

/// Stops the server. The body that does it goes on to its end.
pub(crate) fn stop(cx: &Context, polite: bool) {
    let (recorder, stopping) = (&cx.state.recorder, &cx.state.stopping);
    cx.serving.get_or_init(|| stopping.serve());
    recorder.record(EventKind::ServerStopping { polite });
    stopping.stop(cx.task(), polite);
}

/// Up to here an upload stays in memory, as in Starlette; a larger one is read on the pool.
const SPOOLED: u64 = 1024 * 1024;

/// Reads an upload: a small one in place, a large one on the pool.
pub(crate) async fn read_file(cx: &Context, step: StepId, size: u64) -> Flow {
    let Some(path) = cx.state.files.path(size) else {
        return Flow::Continue;
    };
    if size <= SPOOLED || cx.cell().is_none() {
        read(cx, &path);
        return Flow::Continue;
    }
    let order = JobSpec {
        parent: cx.task(),
        name: format!("{} read", cx.name),
        pool: None,
    };
    let_pass(cx.cell(), cx.state.semantics.turns_to_job()).await;
    let template = cx.branch();
    let at = cx.state.listed.at(Written::Step(step));
    let job = job::queue(&cx.state, &order, move |id| {
        read(&template.for_job(id), &path);
        Some(())
    });
    drop(at);
    let _ = job.finish(cx.cell()).await;
    Flow::Continue
}

fn read(cx: &Context, path: &PathBuf) {
    let state = &cx.state;
    cx.hold(BlockKind::File, || {
        // A file that was removed meanwhile has nothing in it.
        state.without_gil(|| drop(fs::read(path)));
    });
}

/// What a body answers: on the pool only the loop can send it, when it has its turn again.
pub(crate) fn respond(cx: &Context, handler: FunctionId, text: TextId) {
    let Some(reply) = &cx.reply else { return };
    if cx.cell().is_some() {
        encode(cx, handler);
        cx.state.system_call();
        reply.send(text);
    } else {
        reply.keep(text);
    }
}

/// Encodes the answer of a handler, where that takes time: on the loop, whoever has made the answer.
pub(crate) fn encode(cx: &Context, handler: FunctionId) {
    let handler = cx.state.function(handler);
    if let Some(length) = handler.and_then(|handler| handler.encode) {
        let keeps = cx.state.gil.is_some();
        let kind = if keeps {
            BlockKind::Native
        } else {
            BlockKind::Cpu
        };
        cx.hold(kind, || cx.state.host.cpu(length, keeps));
    }
}

/// Sends a piece of the answer. On a pool thread it is handed to the loop, which sends it, and
/// the generator stands still until it is asked for the next one.
pub(crate) async fn chunk(cx: &Context, text: TextId) {
    let Some(reply) = &cx.reply else { return };
    if !cx.streams {
        cx.state.system_call();
        reply.chunk(text);
        return;
    }
    reply.offer(text);
    let mut asked = false;
    poll_fn(|_| {
        if std::mem::replace(&mut asked, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Stands still until the request has been answered.
pub(crate) async fn yield_request(cx: &Context) {
    cx.yields.store(true, Ordering::Release);
    poll_fn(|_| match cx.yields.load(Ordering::Acquire) {
        true => Poll::Pending,
        false => Poll::Ready(()),
    })
    .await;
}

/// Goes on after a child was killed: with `otherwise`, or, where that is empty, not at all, as
/// a function does whose exception is not caught.
pub(crate) async fn missed(cx: &Context, otherwise: &[Step], frame: &Frame) -> Flow {
    if !otherwise.is_empty() {
        return cx.run(otherwise, frame).await;
    }
    if let Some(reply) = &cx.reply {
        reply.send(cx.state.recorder.intern("500 Internal Server Error"));
    }
    Flow::Return
}
