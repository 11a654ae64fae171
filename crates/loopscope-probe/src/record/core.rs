//! What all clones of a recorder share: the clock, the rings, the texts, and the next ids.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::clock::run_clock::RunClock;
use crate::clock::virtual_time::VirtualTime;
use crate::record::slot::Slots;
use crate::record::texts::Texts;

/// The state behind a recorder.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) clock: RunClock,
    /// Whether tokio's hooks tell spawns, turns and ends.
    pub(crate) hooks: bool,
    pub(crate) slots: Slots,
    pub(crate) texts: Texts,
    pub(crate) tasks: Counter,
    pub(crate) jobs: Counter,
    pub(crate) requests: Counter,
    pub(crate) processes: Counter,
}

impl Core {
    pub(crate) fn new(speed: f64, hooks: bool, virtual_time: Option<Arc<VirtualTime>>) -> Self {
        Self {
            clock: RunClock::new(speed, virtual_time),
            hooks: hooks && cfg!(tokio_unstable),
            slots: Slots::default(),
            texts: Texts::default(),
            tasks: Counter::default(),
            jobs: Counter::default(),
            requests: Counter::default(),
            processes: Counter::default(),
        }
    }
}

/// Gives provisional ids: 0, 1, 2, …
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU32);

impl Counter {
    pub(crate) fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}
