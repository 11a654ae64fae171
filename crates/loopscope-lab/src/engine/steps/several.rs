//! Several at once: as tasks (`gather`, `as_completed`), or side by side in one (`join`).

use std::future::poll_fn;
use std::pin::Pin;
use std::task;
use std::task::Poll;

use loopscope_probe::{Boxed, Branch};
use loopscope_trace::{StepId, WaitOn};

use crate::engine::state::listed::Written;
use crate::engine::steps::cancel::Awaited;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::{Flow, let_pass};
use crate::engine::steps::launch::launch;
use crate::engine::steps::task::end_of;
use crate::scenario::model::expression::{Call, Value};
use crate::scenario::model::step::Step;

/// A task of several, and the place of its call; `None` once its result has been taken.
type Child = Option<(usize, Awaited)>;

pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Writes results into the locals that are there for them.
fn put_all(cx: &Context, frame: &Frame, into: &[String], values: Vec<Value>) {
    for (name, value) in into.iter().zip(values) {
        cx.set(frame, name, value);
    }
}

fn children(
    cx: &Context,
    (step, calls): (StepId, &[Call]),
    cancels: bool,
    frame: &Frame,
) -> Vec<Child> {
    let _at = cx.state.listed.at(Written::Step(step));
    let spawned = calls.iter().enumerate().map(|(place, call)| {
        let name = cx.name_of(call);
        let task = launch(cx, call, &name, None, frame);
        Some((place, cx.awaits(task, cancels)))
    });
    spawned.collect()
}

/// As asyncio does it: each becomes a task at once, then all are waited for.
pub(crate) async fn gather(cx: &Context, calls: (StepId, &[Call]), into: &[String], frame: &Frame) {
    let cancels = cx.state.semantics.cancels_awaited();
    let children = children(cx, calls, cancels, frame);
    let all = children.len();
    let mut values = Vec::with_capacity(all);
    let waits = |(_, task): &(usize, Awaited)| task.on().is_some();
    let waits = children.iter().flatten().any(waits);
    for (place, task) in children.into_iter().flatten() {
        let on = WaitOn::Tasks(count(all - place));
        values.push(end_of(cx, on, task).await);
    }
    if waits {
        let_pass(cx.cell(), cx.state.semantics.turns_from_work()).await;
    }
    put_all(cx, frame, into, values);
}

/// Does a body for each of the tasks that ends, in the order in which they end.
pub(crate) async fn as_completed(
    cx: &Context,
    calls: (StepId, &[Call]),
    into: Option<&String>,
    body: &[Step],
    frame: &Frame,
) -> Flow {
    let cancels = cx.state.semantics.cancels_completed();
    let mut children = children(cx, calls, cancels, frame);
    let mut ended = Vec::new();
    for taken in 0..children.len() {
        let on = WaitOn::Tasks(count(children.len() - taken));
        let mut noted = false;
        let value = poll_fn(|context| {
            collect(&mut children, &mut ended, context);
            if ended.is_empty() {
                if !noted {
                    noted = true;
                    cx.waits_for(on);
                }
                return Poll::Pending;
            }
            Poll::Ready(ended.remove(0))
        })
        .await;
        cx.put(frame, into, value);
        let flow = cx.run(body, frame).await;
        if flow != Flow::Continue {
            return flow;
        }
    }
    Flow::Continue
}

/// `join!`: polls all in this very task until all have ended.
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

/// Takes the results of all that have ended since the last look.
fn collect(children: &mut [Child], ended: &mut Vec<Value>, context: &mut task::Context<'_>) {
    for child in children {
        let Some((_, task)) = child else { continue };
        if let Poll::Ready((value, _)) = Pin::new(task).poll(context) {
            ended.push(value);
            *child = None;
        }
    }
}
