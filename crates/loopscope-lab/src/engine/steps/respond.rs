//! The steps that answer a request: `respond`, `chunk`, and the answer of a step that has failed.

use std::future::poll_fn;
use std::task::Poll;

use crate::engine::steps::context::Context;
use crate::engine::steps::flow::Flow;
use crate::engine::steps::frame::Frame;
use crate::scenario::model::step::Step;
use loopscope_trace::TextId;

/// What a body answers: on the pool only the loop can send it, when it has its turn again.
pub(crate) fn respond(cx: &Context, text: TextId) {
    let Some(reply) = &cx.reply else { return };
    if cx.cell().is_some() {
        reply.send(text);
    } else {
        reply.keep(text);
    }
}

/// Sends a piece of the answer. On a pool thread it is handed to the loop, which sends it, and
/// the generator stands still until it is asked for the next one.
pub(crate) async fn chunk(cx: &Context, text: TextId) {
    let Some(reply) = &cx.reply else { return };
    if !cx.streams {
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
