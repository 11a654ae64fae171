//! The steps on a broadcast: `subscribe`, and `recv` of what comes to each receiver.

use loopscope_trace::{ChannelId, EventKind};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::engine::state::channels::{Channel, told};
use crate::engine::state::shared_values::short;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::nothing;
use crate::scenario::model::expression::Value;

/// From here on this call gets each value that is sent into a broadcast.
pub(crate) fn subscribe(cx: &Context, id: ChannelId, frame: &Frame) {
    let channel = cx.state.values.channel(id);
    if let Some(broadcast) = channel.and_then(Channel::broadcast) {
        frame.keep_receiver(id, broadcast.subscribe());
    }
}

/// The receiver of a call, put back where it is dropped.
struct Held<'a>(&'a Frame, ChannelId, Option<Receiver<Value>>);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(receiver) = self.2.take() {
            self.0.keep_receiver(self.1, receiver);
        }
    }
}

/// The next value of a broadcast, and how many this call has lost since the last one.
pub(crate) async fn receive_each(cx: &Context, id: ChannelId, frame: &Frame) -> (Value, i64) {
    let state = &cx.state;
    let channel = state.values.channel(id);
    let Some(broadcast) = channel.and_then(Channel::broadcast) else {
        return (nothing(), 0);
    };
    let receiver = frame.take_receiver(id);
    let mut held = Held(frame, id, receiver.or_else(|| Some(broadcast.subscribe())));
    let Some(receiver) = &mut held.2 else {
        return (nothing(), 0);
    };
    let (actor, short, mut lost) = (cx.actor(), short(id.0), 0);
    loop {
        told(receiver.is_empty(), id, &|on| cx.waits_for(on));
        let token = cx.token.as_ref();
        let waiting = token.map(|_| broadcast.wait());
        let resting = token.map(|token| token.rest());
        let next = receiver.recv().await;
        drop(resting);
        drop(waiting);
        match next {
            Ok(value) => {
                state.recorder.record(EventKind::ChannelReceived {
                    actor,
                    channel: short,
                    value: state.recorder.intern(&value.to_string()),
                });
                return (value, lost);
            }
            Err(RecvError::Lagged(count)) => {
                state.recorder.record(EventKind::Lagged {
                    actor,
                    channel: short,
                    count: u32::try_from(count).unwrap_or(u32::MAX),
                });
                lost += i64::try_from(count).unwrap_or(i64::MAX);
            }
            Err(RecvError::Closed) => return (nothing(), lost),
        }
    }
}
