//! A channel that hands every value to each of its receivers: tokio's, and what keeps a run open for it.

use std::collections::BTreeSet;

use parking_lot::Mutex;
use tokio::sync::broadcast::{Receiver, Sender, channel};

use crate::engine::state::open::Open;
use crate::scenario::model::expression::Value;

/// tokio's channel, whose sender lives as long as the run.
#[derive(Debug)]
pub(crate) struct Broadcast {
    sender: Sender<Value>,
    waits: Mutex<Waits>,
}

/// Who waits for a value, and for whom one is on its way: that keeps the run open until it is taken.
#[derive(Debug, Default)]
struct Waits {
    number: u64,
    waiting: BTreeSet<u64>,
    woken: BTreeSet<u64>,
    open: Option<Open>,
}

/// A receiver that waits; until it is dropped.
pub(crate) struct Wait<'a>(&'a Broadcast, u64);

impl Broadcast {
    /// So many values are kept for a slow receiver; tokio keeps the next power of two.
    pub(crate) fn new(kept: u32) -> Self {
        Self {
            sender: channel(kept.max(1) as usize).0,
            waits: Mutex::default(),
        }
    }

    /// A receiver of what is sent from now on.
    pub(crate) fn subscribe(&self) -> Receiver<Value> {
        self.sender.subscribe()
    }

    /// Hands a value to all receivers; `open` keeps the run open where one waits.
    pub(crate) fn send(&self, value: Value, open: impl FnOnce() -> Open) {
        let mut waits = self.waits.lock();
        if !waits.waiting.is_empty() {
            let waiting = waits.waiting.clone();
            waits.woken.extend(waiting);
            waits.open.get_or_insert_with(open);
        }
        drop(waits);
        // Without a receiver it is lost, which is no error.
        let _ = self.sender.send(value);
    }

    /// A receiver begins to wait, and keeps no run open meanwhile.
    pub(crate) fn wait(&self) -> Wait<'_> {
        let mut waits = self.waits.lock();
        waits.number += 1;
        let number = waits.number;
        waits.waiting.insert(number);
        Wait(self, number)
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let mut waits = self.0.waits.lock();
        waits.waiting.remove(&self.1);
        waits.woken.remove(&self.1);
        let over = waits.woken.is_empty().then(|| waits.open.take());
        drop(waits);
        drop(over);
    }
}
