//! The steps `send` and `recv`.

use std::sync::atomic::Ordering;

use crate::engine::state::channel::{Message, Waiting};
use crate::engine::state::shared_values::short;
use crate::engine::steps::context::Context;
use crate::engine::steps::flow::nothing;
use crate::scenario::model::value::Value;
use loopscope_trace::{ChannelId, EventKind};

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
    let waiting = Waiting::begin(&channel.waiting);
    let resting = cx.token.as_ref().map(|token| token.rest());
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
