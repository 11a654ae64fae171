//! Several at once, side by side in one task: `join`.

use std::future::poll_fn;
use std::pin::Pin;
use std::task;
use std::task::Poll;

use loopscope_probe::{Boxed, Branch};
use loopscope_trace::WaitOn;

use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::group::put_all;
use crate::engine::steps::job::Flow;
use crate::scenario::model::expression::{Call, Value};

/// `join!`: polls all in this very task until all have ended; then the first error, in the order of the calls,
/// leaves it.
pub(crate) async fn join(cx: &Context, calls: &[Call], into: &[String], frame: &Frame) -> Flow {
    let parts: Vec<Context> = calls.iter().map(|_| cx.branch()).collect();
    let mut branches: Vec<_> = parts
        .iter()
        .zip(calls)
        .map(|(cx, call)| {
            let body = cx.call(call.function, cx.arguments(call, frame));
            Some(concurrent(cx, body))
        })
        .collect();
    let mut results: Vec<Option<(Flow, Value)>> = branches.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut left = 0;
        for (branch, result) in branches.iter_mut().zip(&mut results) {
            let Some(future) = branch else { continue };
            match Pin::new(future).poll(context) {
                Poll::Ready(done) => {
                    *result = Some(done);
                    *branch = None;
                }
                Poll::Pending => left += 1,
            }
        }
        if left == 0 {
            return Poll::Ready(());
        }
        cx.waits_for(WaitOn::Futures(left));
        Poll::Pending
    })
    .await;
    let results: Vec<_> = results.into_iter().flatten().collect();
    let halted = results.iter().any(|(flow, _)| *flow == Flow::Halted);
    let raised = |(flow, _): &&(Flow, Value)| matches!(flow, Flow::Raised(_));
    if let (Some((flow, _)), false) = (results.iter().find(raised), halted) {
        return *flow;
    }
    put_all(
        cx,
        frame,
        into,
        results.into_iter().map(|(_, value)| value).collect(),
    );
    if halted { Flow::Halted } else { Flow::Continue }
}

/// A future of this branch; in a job there is no task to wake.
pub(crate) fn concurrent<'a, T>(cx: &Context, future: Boxed<'a, T>) -> Concurrent<'a, T> {
    match cx.cell() {
        Some(cell) => Concurrent::Task(Branch::new(cell.clone(), future)),
        None => Concurrent::Job(future),
    }
}

/// One of several futures side by side.
pub(crate) enum Concurrent<'a, T> {
    Task(Branch<Boxed<'a, T>>),
    Job(Boxed<'a, T>),
}

impl<T> Future for Concurrent<'_, T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<T> {
        match self.get_mut() {
            Self::Task(branch) => Pin::new(branch).poll(context),
            Self::Job(future) => future.as_mut().poll(context),
        }
    }
}
