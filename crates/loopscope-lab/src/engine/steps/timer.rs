//! The steps that wait for a turn or a timer, and what a timer ends: `yield`, `sleep`, `timeout`.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task;
use std::task::{Poll, Wake, Waker};

use loopscope_trace::{EventKind, Nanos, StepId, WaitOn};
use tokio::task::{coop, yield_now};

use crate::engine::steps::cancel::settle;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::{Flow, let_pass};
use crate::engine::steps::several::concurrent;
use crate::scenario::model::step::Step;

/// Goes to the end of the loop's queue. In asyncio that is a callback before those of timers.
pub(crate) async fn give_way(cx: &Context) {
    if cx.state.semantics.calls_in_order() && cx.cell().is_some() {
        return let_pass(cx.cell(), 1).await;
    }
    cx.waits_for(WaitOn::Turn);
    yield_now().await;
}

/// Waits for a timer; no time at all is a turn of the others, as `asyncio.sleep(0)` is.
pub(crate) async fn sleep(cx: &Context, length: Nanos) {
    if length == Nanos::ZERO {
        return give_way(cx).await;
    }
    cx.waits_for_timer(cx.state.host.now() + length);
    cx.state.host.sleep(length).await;
}

/// Wakes a task, and tells that its timer has run out. One that is due by now has run out only once the
/// loop has looked at its timers.
struct Noting {
    over: Arc<AtomicBool>,
    inner: Waker,
}

impl Wake for Noting {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.over.store(true, Ordering::Release);
        self.inner.wake_by_ref();
    }
}

/// Does a body until the limit. A body that has ended late, or whose turn comes before the
/// loop has looked at its timers, goes on.
pub(crate) async fn timeout(
    cx: &Context,
    step: StepId,
    limit: Nanos,
    (body, otherwise): (&[Step], &[Step]),
    frame: &Frame,
) -> Flow {
    let inner = cx.branch();
    let mut branch = concurrent(&inner, inner.run(body, frame));
    let timer = cx.branch();
    if let Some(cell) = timer.cell() {
        cell.expects_timer();
    }
    // A body that has used up the turn's budget must not hide that the time has run out.
    let sleep = coop::unconstrained(cx.state.host.sleep(limit));
    let mut sleep = concurrent(&timer, Box::pin(sleep));
    let over = Arc::new(AtomicBool::new(false));
    let in_order = cx.state.semantics.calls_in_order();
    let mut set = false;
    let flow = poll_fn(|context| {
        if !std::mem::replace(&mut set, true) {
            let noting = Waker::from(Arc::new(Noting {
                over: Arc::clone(&over),
                inner: context.waker().clone(),
            }));
            let ready = Pin::new(&mut sleep).poll(&mut task::Context::from_waker(&noting));
            over.store(ready.is_ready(), Ordering::Release);
        } else if in_order && over.load(Ordering::Acquire) {
            return Poll::Ready(None);
        }
        // As it was when this turn began: what runs out meanwhile is for the next one.
        let over = over.load(Ordering::Acquire);
        match Pin::new(&mut branch).poll(context) {
            Poll::Ready(flow) => Poll::Ready(Some(flow)),
            Poll::Pending if over => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await;
    if let Some(flow) = flow {
        return flow;
    }
    let actor = cx.actor();
    cx.state
        .recorder
        .record(EventKind::TimedOut { actor, step });
    drop(branch);
    settle(Arc::clone(&cx.cancelled), |on| cx.waits_for(on)).await;
    cx.run(otherwise, frame).await
}
