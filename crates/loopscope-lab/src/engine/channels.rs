//! Channels: a queue of everything, or a slot for the newest.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::task::coop;

use super::cx::Cx;
use super::stage::Open;
use super::state::short;
use super::values::nothing;
use crate::scenario::Value;
use loopscope_trace::{ChannelId, EventKind, Keep, WaitOn};

/// A channel of the story.
#[derive(Debug)]
pub(super) struct Channel {
    kind: Kind,
    /// Told before a value is put in, and after it was taken out, in the order of the values.
    order: Mutex<()>,
    /// How many wait for a value.
    waiting: AtomicUsize,
}

#[derive(Debug)]
enum Kind {
    All {
        sender: UnboundedSender<Message>,
        receiver: AsyncMutex<UnboundedReceiver<Message>>,
    },
    Newest {
        slot: Mutex<Option<Message>>,
        filled: Notify,
    },
}

/// A value on its way. Where somebody waits for it, it keeps the run open until it is taken.
#[derive(Debug)]
struct Message {
    value: Value,
    open: Option<Open>,
}

/// Counts a waiter until it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Channel {
    pub(super) fn new(keep: Keep) -> Self {
        let kind = match keep {
            Keep::All => {
                let (sender, receiver) = unbounded_channel();
                Kind::All {
                    sender,
                    receiver: AsyncMutex::new(receiver),
                }
            }
            Keep::Newest => Kind::Newest {
                slot: Mutex::default(),
                filled: Notify::new(),
            },
        };
        Self {
            kind,
            order: Mutex::default(),
            waiting: AtomicUsize::new(0),
        }
    }

    fn put(&self, message: Message) {
        match &self.kind {
            // The receiver lives as long as the channel.
            Kind::All { sender, .. } => drop(sender.send(message)),
            Kind::Newest { slot, filled } => {
                let before = lock(slot).replace(message);
                drop(before);
                filled.notify_one();
            }
        }
    }

    async fn take(&self, cx: &Cx, id: ChannelId) -> Option<Message> {
        match &self.kind {
            Kind::All { receiver, .. } => {
                let mut receiver = match receiver.try_lock() {
                    Ok(receiver) => receiver,
                    Err(_) => {
                        cx.waits_for(WaitOn::Channel(id));
                        receiver.lock().await
                    }
                };
                if receiver.is_empty() {
                    cx.waits_for(WaitOn::Channel(id));
                } else if !coop::has_budget_remaining() {
                    // tokio makes the task give way though a value is there.
                    cx.waits_for(WaitOn::Turn);
                }
                receiver.recv().await
            }
            Kind::Newest { slot, filled } => {
                let mut told = false;
                loop {
                    let filled = filled.notified();
                    if let Some(message) = lock(slot).take() {
                        return Some(message);
                    }
                    // A ring for a value that was replaced may be left over: it is no new wait.
                    if !std::mem::replace(&mut told, true) {
                        cx.waits_for(WaitOn::Channel(id));
                    }
                    filled.await;
                }
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cx {
    /// Puts a value into a channel.
    pub(super) fn send(&self, id: ChannelId, value: Value) {
        let (stage, actor) = (&self.stage, self.actor());
        let Some(channel) = stage.state.channel(id) else {
            return;
        };
        let awaited = channel.waiting.load(Ordering::Acquire) > 0;
        let order = lock(&channel.order);
        stage.recorder.record(EventKind::ChannelSent {
            actor,
            channel: short(id.0),
            value: stage.recorder.intern(&value.to_string()),
        });
        channel.put(Message {
            value,
            open: awaited.then(|| stage.open.begin()),
        });
        drop(order);
    }

    /// Takes the next value out of a channel. While it waits, it keeps no run open: whoever could
    /// send does.
    pub(super) async fn receive(&self, id: ChannelId) -> Value {
        let stage = &self.stage;
        let Some(channel) = stage.state.channel(id) else {
            return nothing();
        };
        let waiting = Waiting::begin(&channel.waiting);
        let resting = self.token.as_ref().map(|token| token.rest());
        let message = channel.take(self, id).await;
        // First open again, then the message's own hold.
        drop(resting);
        drop(waiting);
        let Some(Message { value, open }) = message else {
            return nothing();
        };
        drop(open);
        stage.recorder.record(EventKind::ChannelReceived {
            actor: self.actor(),
            channel: short(id.0),
            value: stage.recorder.intern(&value.to_string()),
        });
        value
    }
}
