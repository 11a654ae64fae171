//! The channels that the functions of one process share.

use std::sync::atomic::{AtomicUsize, Ordering};

use loopscope_trace::{ChannelId, Keep, WaitOn};
use parking_lot::Mutex;
use tokio::sync::mpsc::{
    Permit, Receiver, Sender, UnboundedReceiver, UnboundedSender, channel as bounded,
    unbounded_channel,
};
use tokio::sync::{Mutex as AsyncMutex, MutexGuard, Notify};
use tokio::task::coop;

use crate::engine::state::broadcast::Broadcast;
use crate::engine::state::open::Open;
use crate::scenario::model::expression::Value;

/// A channel of the story.
#[derive(Debug)]
pub(crate) struct Channel {
    kind: Kind,
    /// GilGuard while a value is put in, so that sends are recorded in the order of the values.
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
    Bounded {
        sender: Sender<Message>,
        receiver: AsyncMutex<Receiver<Message>>,
    },
    Newest {
        slot: Mutex<Option<Message>>,
        filled: Notify,
    },
    Each(Broadcast),
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
    pub(crate) fn new(channel: &loopscope_trace::Channel) -> Self {
        let kind = match (channel.keep, channel.capacity) {
            (Keep::All, Some(room)) => {
                let (sender, receiver) = bounded(room.max(1) as usize);
                Kind::Bounded {
                    sender,
                    receiver: AsyncMutex::new(receiver),
                }
            }
            (Keep::All, None) => {
                let (sender, receiver) = unbounded_channel();
                Kind::All {
                    sender,
                    receiver: AsyncMutex::new(receiver),
                }
            }
            (Keep::Newest, _) => Kind::Newest {
                slot: Mutex::default(),
                filled: Notify::new(),
            },
            (Keep::Each(kept), _) => Kind::Each(Broadcast::new(kept)),
        };
        Self {
            kind,
            order: Mutex::default(),
            waiting: AtomicUsize::new(0),
        }
    }

    /// The broadcast that it is.
    pub(crate) const fn broadcast(&self) -> Option<&Broadcast> {
        match &self.kind {
            Kind::Each(broadcast) => Some(broadcast),
            Kind::All { .. } | Kind::Bounded { .. } | Kind::Newest { .. } => None,
        }
    }

    /// Room for one value, where there is a limit; waits while there is none.
    pub(crate) async fn room(&self, id: ChannelId, waits_for: impl Fn(WaitOn)) -> Room<'_> {
        let Kind::Bounded { sender, .. } = &self.kind else {
            return Room(None);
        };
        if sender.capacity() == 0 {
            waits_for(WaitOn::Room(id));
        } else if !coop::has_budget_remaining() {
            waits_for(WaitOn::Turn);
        }
        Room(sender.reserve().await.ok())
    }

    pub(crate) fn put(&self, message: Message, room: Room<'_>, open: impl FnOnce() -> Open) {
        match &self.kind {
            Kind::Each(broadcast) => broadcast.send(message.value, open),
            // The receiver lives as long as the channel.
            Kind::All { sender, .. } => drop(sender.send(message)),
            Kind::Bounded { .. } => {
                if let Some(permit) = room.0 {
                    permit.send(message);
                }
            }
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
                let mut receiver = first(receiver, id, &waits_for).await;
                told(receiver.is_empty(), id, &waits_for);
                receiver.recv().await
            }
            Kind::Bounded { receiver, .. } => {
                let mut receiver = first(receiver, id, &waits_for).await;
                told(receiver.is_empty(), id, &waits_for);
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
            // Each of its receivers has values of its own.
            Kind::Each(_) => None,
        }
    }
}

/// Room for one value; none where there is no limit.
pub(crate) struct Room<'a>(Option<Permit<'a, Message>>);

/// The end of a channel at which its values come out, in turn.
async fn first<'a, T>(
    receiver: &'a AsyncMutex<T>,
    id: ChannelId,
    waits_for: &impl Fn(WaitOn),
) -> MutexGuard<'a, T> {
    match receiver.try_lock() {
        Ok(receiver) => receiver,
        Err(_) => {
            waits_for(WaitOn::Channel(id));
            receiver.lock().await
        }
    }
}

/// Says for what a receiver is about to wait, if it will.
pub(crate) fn told(is_empty: bool, id: ChannelId, waits_for: &impl Fn(WaitOn)) {
    if is_empty {
        waits_for(WaitOn::Channel(id));
    } else if !coop::has_budget_remaining() {
        // tokio makes the task give way though a value is there.
        waits_for(WaitOn::Turn);
    }
}
