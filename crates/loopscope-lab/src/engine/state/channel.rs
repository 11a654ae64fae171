//! Channels: a queue of everything, or a slot for the newest value.

use std::sync::atomic::{AtomicUsize, Ordering};

use loopscope_trace::{ChannelId, Keep, WaitOn};
use parking_lot::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::task::coop;

use crate::engine::requests::command::Open;
use crate::scenario::model::expression::Value;

/// A channel of the story.
#[derive(Debug)]
pub(crate) struct Channel {
    kind: Kind,
    /// Held while a value is put in, so that sends are recorded in the order of the values.
    pub(crate) order: Mutex<()>,
    /// How many wait for a value.
    pub(crate) waiting: AtomicUsize,
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

/// A value on its way. Where a task waits for it, it keeps the run open until it is taken.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) value: Value,
    pub(crate) open: Option<Open>,
}

/// Counts a waiter until it is dropped.
pub(crate) struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    pub(crate) fn begin(count: &'a AtomicUsize) -> Self {
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
    pub(crate) fn new(keep: Keep) -> Self {
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

    pub(crate) fn put(&self, message: Message) {
        match &self.kind {
            // The receiver lives as long as the channel.
            Kind::All { sender, .. } => drop(sender.send(message)),
            Kind::Newest { slot, filled } => {
                let before = slot.lock().replace(message);
                drop(before);
                filled.notify_one();
            }
        }
    }

    pub(crate) async fn take(&self, id: ChannelId, waits_for: impl Fn(WaitOn)) -> Option<Message> {
        match &self.kind {
            Kind::All { receiver, .. } => {
                let mut receiver = match receiver.try_lock() {
                    Ok(receiver) => receiver,
                    Err(_) => {
                        waits_for(WaitOn::Channel(id));
                        receiver.lock().await
                    }
                };
                if receiver.is_empty() {
                    waits_for(WaitOn::Channel(id));
                } else if !coop::has_budget_remaining() {
                    // tokio makes the task give way though a value is there.
                    waits_for(WaitOn::Turn);
                }
                receiver.recv().await
            }
            Kind::Newest { slot, filled } => {
                let mut noted = false;
                loop {
                    let filled = filled.notified();
                    if let Some(message) = slot.lock().take() {
                        return Some(message);
                    }
                    // A ring for a value that was replaced may be left over: it is no new wait.
                    if !std::mem::replace(&mut noted, true) {
                        waits_for(WaitOn::Channel(id));
                    }
                    filled.await;
                }
            }
        }
    }
}
