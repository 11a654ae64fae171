//! The steps that wait for a turn or a timer, and what a timer ends: `yield`, `sleep`, `timeout`.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task;
use std::task::{Poll, Wake, Waker};

use loopscope_trace::{EventKind, Nanos, StepId, WaitOn};
use parking_lot::Mutex;
use tokio::task::{coop, yield_now};

use crate::engine::steps::cancel::settle;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::Flow;
use crate::engine::steps::several::concurrent;
use crate::engine::steps::turns::let_pass;
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

/// A body and its timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Body,
    Timer,
}

/// Whether the timer has run out, and which part was woken first since the last turn. A timer that is due by
/// now has run out only once the loop has looked at its timers, between two turns.
#[derive(Debug, Default)]
struct Order(Mutex<(bool, Option<Part>)>);

impl Order {
    fn note(&self, part: Part) {
        let (over, first) = &mut *self.0.lock();
        *over |= part == Part::Timer;
        first.get_or_insert(part);
    }

    /// A turn begins.
    fn begin(&self) -> (bool, Option<Part>) {
        let (over, first) = &mut *self.0.lock();
        (*over, first.take())
    }

    fn waker(self: &Arc<Self>, part: Part, inner: &Waker) -> Waker {
        Waker::from(Arc::new(Noting {
            order: Arc::clone(self),
            part,
            inner: inner.clone(),
        }))
    }
}

/// Notes which part is woken, and wakes the task.
struct Noting {
    order: Arc<Order>,
    part: Part,
    inner: Waker,
}

impl Wake for Noting {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.order.note(self.part);
        self.inner.wake_by_ref();
    }
}

/// Does a body until the limit. A body that has ended late, or that is woken before the
/// loop looks at its timers, goes on.
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
    let (order, in_order) = (
        Arc::new(Order::default()),
        cx.state.semantics.calls_in_order(),
    );
    let mut set = false;
    let flow = poll_fn(|context| {
        if !std::mem::replace(&mut set, true) {
            let waker = order.waker(Part::Timer, context.waker());
            let over = Pin::new(&mut sleep).poll(&mut task::Context::from_waker(&waker));
            if over.is_ready() {
                order.note(Part::Timer);
                order.begin();
            }
        }
        // As it was when this turn began: what runs out meanwhile is for the next one.
        let (over, first) = order.begin();
        if over && in_order && first == Some(Part::Timer) {
            return Poll::Ready(None);
        }
        let waker = order.waker(Part::Body, context.waker());
        let flow = Pin::new(&mut branch).poll(&mut task::Context::from_waker(&waker));
        match flow {
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
