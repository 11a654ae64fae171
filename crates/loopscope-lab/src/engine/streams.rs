//! Streamed answers: a generator runs on the loop, or piece by piece on the pool.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::cx::Cx;
use super::flow::Flow;
use super::interpret::function;
use super::jobs::{self, Order};
use super::values::nothing;
use crate::scenario::{Action, Step, Value};
use loopscope_probe::Boxed;
use loopscope_trace::{FunctionId, JobId, TextId};

/// What a piece of a generator's work came to.
enum Piece {
    /// A piece of the answer; the generator stands where it gave it.
    Chunk(Boxed<'static, (Flow, Value)>),
    /// The generator's end.
    End(Value),
}

/// Whether a body gives pieces of an answer.
pub(super) fn has_chunks(body: &[Step]) -> bool {
    body.iter().any(|step| {
        matches!(step.action, Action::Chunk(_)) || step.action.bodies().into_iter().any(has_chunks)
    })
}

impl Cx {
    /// Sends a piece of the answer. On a pool thread it is handed to the loop, which sends it, and
    /// the generator stands still until it is asked for the next one.
    pub(super) async fn chunk(&self, text: TextId) {
        let Some(reply) = &self.reply else { return };
        if !self.streams {
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

    /// Runs a plain generator: each piece is a job of its own.
    pub(super) async fn stream(&self, id: FunctionId) -> Value {
        let mut own = self.for_job(JobId::NONE);
        own.streams = true;
        let own = Arc::new(own);
        let running = Arc::clone(&own);
        let mut rest: Boxed<'static, (Flow, Value)> =
            Box::pin(async move { function(&running, id, Vec::new()).await });
        let order = Order {
            parent: self.me(),
            name: self.name.to_string(),
            pool: None,
        };
        loop {
            let own = Arc::clone(&own);
            let job = jobs::queue(&self.stage, &order, move |job| {
                own.become_job(job);
                match rest.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                    Poll::Ready((Flow::Halted, _)) => None,
                    Poll::Ready((_, value)) => Some(Piece::End(value)),
                    Poll::Pending => Some(Piece::Chunk(rest)),
                }
            });
            match job.finish(self).await {
                Some(Piece::Chunk(more)) => rest = more,
                Some(Piece::End(value)) => return value,
                None => return nothing(),
            }
            if let Some(reply) = &self.reply {
                reply.send_offered();
            }
        }
    }
}
