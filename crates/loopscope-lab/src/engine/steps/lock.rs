//! The steps on what functions share: `send` and `recv` of a channel, and `lock`.

use std::sync::atomic::Ordering;

use loopscope_probe::Recorder;
use loopscope_trace::{Actor, BlockKind, ChannelId, EventKind, LockId, WaitOn};

use crate::engine::state::shared_values::{Lock, Message, ThreadLock, Waiting, short};
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::{Flow, nothing};
use crate::scenario::model::expression::Value;
use crate::scenario::model::step::Step;

/// Puts a value into a channel.
pub(crate) fn send(cx: &Context, id: ChannelId, value: Value) {
    let (state, actor) = (&cx.state, cx.actor());
    let Some(channel) = state.values.channel(id) else {
        return;
    };
    let awaited = channel.waiting.load(Ordering::Acquire) > 0;
    let order = channel.order.lock();
    state.recorder.record(EventKind::ChannelSent {
        actor,
        channel: short(id.0),
        value: state.recorder.intern(&value.to_string()),
    });
    channel.put(Message {
        value,
        open: awaited.then(|| state.open.begin()),
    });
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

/// An actor that wants a lock or has it; dropped when it does neither any more.
struct Claim<'a> {
    recorder: &'a Recorder,
    actor: Actor,
    lock: u16,
}

impl<'a> Claim<'a> {
    fn new(cx: &'a Context, lock: u16) -> Self {
        let (recorder, actor) = (&cx.state.recorder, cx.actor());
        recorder.record(EventKind::LockWanted { actor, lock });
        Self {
            recorder,
            actor,
            lock,
        }
    }

    fn taken(&self) {
        let (actor, lock) = (self.actor, self.lock);
        self.recorder.record(EventKind::LockTaken { actor, lock });
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        // Before the lock itself is free, so that no task seems to take it while it is owned.
        self.recorder.record(EventKind::LockReleased {
            actor: self.actor,
            lock: self.lock,
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

/// Does a body while owning a lock.
pub(crate) async fn lock(cx: &Context, id: LockId, body: &[Step], frame: &Frame) -> Flow {
    let Some(lock) = cx.state.values.lock(id) else {
        return cx.run(body, frame).await;
    };
    let claim = Claim::new(cx, short(id.0));
    match lock {
        Lock::Async(mutex) => {
            let guard = match mutex.try_lock() {
                Ok(guard) => guard,
                Err(_) => {
                    cx.waits_for(WaitOn::Lock(id));
                    mutex.lock().await
                }
            };
            claim.taken();
            let flow = cx.run(body, frame).await;
            drop(claim);
            drop(guard);
            flow
        }
        Lock::Std(lock) => {
            if !lock.try_take() && !wait_on_thread(cx, lock) {
                return Flow::Halted;
            }
            let guard = ThreadGuard(lock);
            claim.taken();
            let flow = cx.run(body, frame).await;
            drop(claim);
            drop(guard);
            flow
        }
    }
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
