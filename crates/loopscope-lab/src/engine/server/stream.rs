//! Streamed answers of plain generators: piece by piece on the pool.

use std::sync::Arc;
use std::task;
use std::task::{Poll, Waker};

use crate::engine::steps::context::Context;
use crate::engine::steps::flow::{Flow, nothing};
use crate::engine::steps::job;
use crate::engine::steps::job::JobSpec;
use crate::scenario::model::step::{Action, Step};
use crate::scenario::model::value::Value;
use loopscope_probe::Boxed;
use loopscope_trace::{FunctionId, JobId};

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
