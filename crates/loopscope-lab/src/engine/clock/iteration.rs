//! An iteration of asyncio's loop: it notices the timers that have run out, does what was ready then, and only then
//! what those timers have made ready.

use std::collections::BTreeMap;
use std::task::Waker;

use loopscope_trace::Nanos;

/// How many tasks can go on: in the loop's own queue, and in the one into which other threads put them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ready {
    pub(crate) here: usize,
    pub(crate) from_others: usize,
}

impl Ready {
    fn all(self) -> usize {
        self.here + self.from_others
    }

    /// Whether none can go on.
    pub(crate) fn is_empty(self) -> bool {
        self.all() == 0
    }

    /// On the runtime of this thread. Without tokio's own counts there seems to be none, and each turn
    /// is an iteration.
    #[cfg(tokio_unstable)]
    pub(crate) fn now() -> Self {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return Self::default();
        };
        let metrics = runtime.metrics();
        Self {
            here: metrics.worker_local_queue_depth(0),
            from_others: metrics.global_queue_depth(),
        }
    }

    #[cfg(not(tokio_unstable))]
    pub(crate) fn now() -> Self {
        Self::default()
    }
}

/// What is left of an iteration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Iteration {
    left: usize,
    /// Those of them that other threads have woken.
    from_others: usize,
    /// The next turn is that of a task that another thread has woken: those come first.
    other: bool,
}

impl Iteration {
    /// An iteration with all that can go on now.
    pub(crate) fn begin(ready: Ready) -> Self {
        Self {
            left: ready.all(),
            from_others: ready.from_others,
            other: ready.from_others > 0,
        }
    }

    /// A turn is over: whether the iteration is, too.
    pub(crate) fn turn_over(&mut self, ready: Ready) -> bool {
        let other = std::mem::replace(&mut self.other, ready.from_others > 0);
        // One that was woken since the iteration began is none of its own.
        let own = !other || self.from_others > 0;
        self.left = self.left.saturating_sub(usize::from(own));
        self.from_others = self.from_others.saturating_sub(usize::from(other));
        self.left == 0
    }
}

/// A timer's moment, and a number that no other has.
pub(crate) type Key = (Nanos, u64);

/// Timers of tasks, each with the place of its loop.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    pub(crate) waiting: BTreeMap<Key, (usize, Waker)>,
    /// Have run out, as the loop has noticed; their tasks are woken when the iteration is over.
    noticed: BTreeMap<Key, (usize, Waker)>,
}

impl Timers {
    /// A timer is gone.
    pub(crate) fn remove(&mut self, key: &Key) -> Option<Waker> {
        let found = self
            .waiting
            .remove(key)
            .or_else(|| self.noticed.remove(key));
        found.map(|(_, waker)| waker)
    }

    /// A loop looks at its timers.
    pub(crate) fn notice(&mut self, own: usize, now: Nanos) {
        while let Some(key) = first(&self.waiting, own).filter(|(at, _)| *at <= now) {
            if let Some(timer) = self.waiting.remove(&key) {
                self.noticed.insert(key, timer);
            }
        }
    }

    /// Whether a loop has noticed timers whose tasks it has not woken.
    pub(crate) fn has_noticed(&self, own: usize) -> bool {
        first(&self.noticed, own).is_some()
    }

    /// The next one to wake of those that a loop has noticed.
    pub(crate) fn pop_noticed(&mut self, own: usize) -> Option<Waker> {
        let key = first(&self.noticed, own)?;
        self.noticed.remove(&key).map(|(_, waker)| waker)
    }
}

/// A loop's first timer.
fn first(timers: &BTreeMap<Key, (usize, Waker)>, own: usize) -> Option<Key> {
    let mut timers = timers.iter();
    let found = timers.find(|(_, (other, _))| *other == own);
    found.map(|(key, _)| *key)
}
