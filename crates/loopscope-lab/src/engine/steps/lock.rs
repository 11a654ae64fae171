//! The steps on what functions share: `send` and `recv` of a channel, and `lock`, `acquire`, `read_lock`, `write_lock`,
//! `set`, `clear`, `notify` and `wait` of an event.

use std::sync::atomic::Ordering;

use loopscope_trace::{
    Actor, BlockKind, ChannelId, EventKind, LockId, NamedEventId, Notice, WaitOn,
};

use crate::engine::state::channels::{Message, Waiting};
use crate::engine::state::locks::{Lock, ThreadLock};
use crate::engine::state::shared_values::short;
use crate::engine::state::unwoken;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::{Flow, nothing};
use crate::scenario::model::expression::Value;
use crate::scenario::model::step::Step;

/// Puts a value into a channel, once there is room;
/// past its receiver's loop where `is_unsafe`.
pub(crate) async fn send(cx: &Context, id: ChannelId, value: Value, is_unsafe: bool) {
    let (state, actor) = (&cx.state, cx.actor());
    let Some(channel) = state.values.channel(id) else {
        return;
    };
    let room = channel.room(id, |on| cx.waits_for(on)).await;
    let awaited = channel.waiting.load(Ordering::Acquire) > 0;
    let order = channel.order.lock();
    state.recorder.record(EventKind::ChannelSent {
        actor,
        channel: short(id.0),
        value: state.recorder.intern(&value.to_string()),
    });
    let message = Message {
        value,
        open: awaited.then(|| state.open.begin()),
    };
    let put = || channel.put(message, room, || state.open.begin());
    match is_unsafe {
        true => unwoken::past_the_loop(put),
        false => put(),
    }
    drop(order);
}

/// Takes the next value out of a channel. While it waits, it keeps no run open: the task that could
/// send does.
pub(crate) async fn receive(cx: &Context, id: ChannelId) -> Value {
    let state = &cx.state;
    let Some(channel) = state.values.channel(id) else {
        return nothing();
    };
    let token = cx.token.as_ref();
    // What waits beside other futures keeps the run open itself: a value on its way needs not.
    let waiting = token.map(|_| Waiting::begin(&channel.waiting));
    let resting = token.map(|token| token.rest());
    let message = channel.take(id, |on| cx.waits_for(on)).await;
    // First open again, then the message's own hold.
    drop(resting);
    drop(waiting);
    let Some(Message { value, open }) = message else {
        return nothing();
    };
    drop(open);
    state.recorder.record(EventKind::ChannelReceived {
        actor: cx.actor(),
        channel: short(id.0),
        value: state.recorder.intern(&value.to_string()),
    });
    value
}

/// Sets, clears or notifies an event.
pub(crate) fn notify(cx: &Context, id: NamedEventId, how: Notice) {
    let (state, actor) = (&cx.state, cx.actor());
    let Some(event) = state.values.event(id) else {
        return;
    };
    let tell = |woken, kept| {
        state.recorder.record(EventKind::Notified {
            actor,
            event: short(id.0),
            how,
            woken,
            kept,
        });
    };
    event.notify(how, || state.open.begin(), tell);
}

/// Waits for an event. Meanwhile it keeps no run open: the task that could notify it does.
pub(crate) async fn wait_for(cx: &Context, id: NamedEventId) {
    let state = &cx.state;
    let Some(event) = state.values.event(id) else {
        return;
    };
    let wait = event.wait(|| state.open.begin());
    if !event.is_kept() {
        cx.waits_for(WaitOn::NamedEvent(id));
        let resting = cx.token.as_ref().map(|token| token.rest());
        wait.await;
        drop(resting);
    } else {
        wait.await;
    }
    let (actor, event) = (cx.actor(), short(id.0));
    state
        .recorder
        .record(EventKind::EventPassed { actor, event });
}

/// An actor that wants a lock or has it; dropped when it does neither any more.
struct Claim<'a> {
    cx: &'a Context,
    actor: Actor,
    lock: u16,
    reads: bool,
    taken: bool,
}

impl<'a> Claim<'a> {
    fn new(cx: &'a Context, lock: u16, reads: bool) -> Self {
        let actor = cx.actor();
        cx.state
            .recorder
            .record(EventKind::LockWanted { actor, lock, reads });
        Self {
            cx,
            actor,
            lock,
            reads,
            taken: false,
        }
    }

    fn taken(&mut self) {
        self.taken = true;
        let (actor, lock, reads) = (self.actor, self.lock, self.reads);
        let recorder = &self.cx.state.recorder;
        recorder.record(EventKind::LockTaken { actor, lock, reads });
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        // What a job left to its task is its task's.
        let actor = match self.actor == self.cx.actor() {
            true => self.actor,
            false => Actor::Task(self.cx.task()),
        };
        // Before the lock itself is free, so that no task seems to take it while it is owned.
        self.cx.state.recorder.record(EventKind::LockReleased {
            actor,
            lock: self.lock,
            wanted: !self.taken,
        });
    }
}

/// Gives a lock of threads back.
struct ThreadGuard<'a>(&'a ThreadLock);

impl Drop for ThreadGuard<'_> {
    fn drop(&mut self) {
        self.0.give();
    }
}

/// Does a body while owning a lock or a permit, to read where `reads`.
pub(crate) async fn lock(
    cx: &Context,
    (id, reads): (LockId, bool),
    body: &[Step],
    frame: &Frame,
) -> Flow {
    let Some(lock) = cx.state.values.lock(id) else {
        return cx.run(body, frame).await;
    };
    let mut claim = Claim::new(cx, short(id.0), reads);
    if let Lock::Std(lock) = lock {
        if !lock.try_take() && !wait_on_thread(cx, lock) {
            return Flow::Halted;
        }
        let guard = ThreadGuard(lock);
        claim.taken();
        let flow = cx.run(body, frame).await;
        drop(claim);
        drop(guard);
        return flow;
    }
    let guard = match lock.try_take(reads) {
        Some(guard) => Some(guard),
        None => {
            cx.waits_for(WaitOn::Lock(id));
            lock.take(reads).await
        }
    };
    claim.taken();
    let flow = cx.run(body, frame).await;
    drop(claim);
    drop(guard);
    flow
}

fn wait_on_thread(cx: &Context, lock: &ThreadLock) -> bool {
    let state = &cx.state;
    cx.hold(BlockKind::Lock, || {
        state.without_gil(|| {
            let computed = state.host.wait(None, &mut || lock.try_take());
            computed.unwrap_or_else(|| lock.take(|| state.halt.given()))
        })
    })
}
