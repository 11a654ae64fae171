//! Several futures side by side, of which the first that ends decides: `select!`. The others are dropped where they
//! stand, save those that are polled by reference.

use std::future::{Future, poll_fn, ready};
use std::pin::Pin;
use std::task;
use std::task::{Poll, ready};

use loopscope_probe::Boxed;
use loopscope_trace::{TaskId, WaitOn};
use tokio::task::coop;

use crate::engine::steps::context::Context;
use crate::engine::steps::frame::{Frame, Started};
use crate::engine::steps::group::count;
use crate::engine::steps::job::{End, Flow, at_once, nothing};
use crate::engine::steps::several::{Concurrent, concurrent};
use crate::scenario::model::expression::Value;
use crate::scenario::model::step::{Arm, ArmFuture};

/// How a future of an arm has ended; with a value where it was polled by reference.
type Ended = (Flow, Option<Value>);

/// Polls the arms in this very task until the first has ended, drops the others, and does what the first one has to do
/// then. Like tokio's it begins with a random one, unless it is `biased`.
pub(crate) async fn select(cx: &Context, arms: &[Arm], biased: bool, frame: &Frame) -> Flow {
    let parts: Vec<Context> = arms.iter().map(|_| cx.branch()).collect();
    let both = parts.iter().zip(arms);
    let mut futures: Vec<_> = both.map(|(cx, arm)| future(cx, arm, frame)).collect();
    let all = futures.len();
    let (place, (flow, value)) = poll_fn(|context| {
        // As the macro does: what has used up its turn's budget gives way before it looks at any.
        if !coop::has_budget_remaining() {
            cx.waits_for(WaitOn::Turn);
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let first = if biased { 0 } else { random_start(all) };
        for place in (first..all).chain(0..first) {
            if let Poll::Ready(ended) = Pin::new(&mut futures[place]).poll(context) {
                return Poll::Ready((place, ended));
            }
        }
        cx.waits_for(WaitOn::Futures(count(all)));
        Poll::Pending
    })
    .await;
    drop(futures);
    if flow != Flow::Continue {
        return flow;
    }
    let arm = &arms[place];
    if let (ArmFuture::ByRef { into, .. }, Some(value)) = (&arm.future, value) {
        cx.put(frame, into.as_ref(), value);
    }
    cx.run(&arm.then, frame).await
}

fn future<'a>(cx: &'a Context, arm: &'a Arm, frame: &'a Frame) -> Concurrent<'a, Ended> {
    let future: Boxed<'a, Ended> = match &arm.future {
        ArmFuture::Body(body) => Box::pin(async move { (cx.run(body, frame).await, None) }),
        ArmFuture::ByRef { name, .. } => Box::pin(ByRef {
            cx,
            frame,
            name,
            started: frame.take(name),
            is_told: false,
        }),
    };
    concurrent(cx, future)
}

/// What was started or made under a name, polled by reference: where it has not ended it is put back.
struct ByRef<'a> {
    cx: &'a Context,
    frame: &'a Frame,
    name: &'a str,
    started: Option<Started>,
    /// Whether it was told that it is polled.
    is_told: bool,
}

impl ByRef<'_> {
    /// The coroutine that it polls.
    fn coroutine(&self) -> Option<TaskId> {
        match &self.started {
            Some(Started::Coroutine(coroutine)) => Some(coroutine.id()),
            _ => None,
        }
    }
}

impl Future for ByRef<'_> {
    type Output = Ended;

    fn poll(self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<Ended> {
        let this = self.get_mut();
        let is_first = !std::mem::replace(&mut this.is_told, true);
        if let (true, Some(future)) = (is_first, this.coroutine()) {
            this.cx.polls(future);
        }
        let (flow, value) = match &mut this.started {
            Some(Started::Coroutine(coroutine)) => ready!(Pin::new(coroutine).poll(context)),
            Some(Started::Task(task)) => {
                if is_first && !task.handle.is_finished() {
                    this.cx.waits_for(WaitOn::Task(task.cell.id()));
                }
                let result = ready!(Pin::new(&mut task.handle).poll(context));
                task.holder.asked();
                ended(result.unwrap_or_else(|_| Ok(nothing())))
            }
            Some(Started::Job(job)) => ended(ready!(job.poll(this.cx.cell(), context))),
            Some(Started::Ended(value)) => (Flow::Continue, value.clone()),
            None => return Poll::Pending,
        };
        this.started = Some(Started::Ended(value.clone()));
        Poll::Ready((flow, Some(value)))
    }
}

/// How the arm goes on whose future came to this.
fn ended(end: End) -> (Flow, Value) {
    match end {
        Ok(value) => (Flow::Continue, value),
        Err(error) => (Flow::Raised(error), nothing()),
    }
}

impl Drop for ByRef<'_> {
    fn drop(&mut self) {
        if let (true, Some(future)) = (self.is_told, self.coroutine()) {
            self.cx.leaves(future);
        }
        if let Some(started) = self.started.take() {
            self.frame.keep(self.name, started);
        }
    }
}

/// A random place among `all`, drawn from the generator of the runtime, as `tokio::select!` draws
/// its own: among two, three, four or six with the same outcome.
fn random_start(all: usize) -> usize {
    macro_rules! draw {
        ($($place:literal)*) => {
            async { tokio::select! { $(() = ready(()) => { $place })* } }
        };
    }
    let drawn = at_once(coop::unconstrained(draw!(0 1 2 3 4 5 6 7 8 9 10 11)));
    drawn.unwrap_or(0) * all / 12
}
