//! A clock that is told what time it is: each reading is later than all before it, and belongs to
//! the moment that was told last.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use loopscope_trace::Nanos;

/// Readings in one moment.
const READINGS: u32 = 24;
/// A moment, in nanoseconds: fine enough for scenarios, whose lengths are whole milliseconds.
const MOMENT: u64 = 1_000;

/// Computed time, as the recorder reads it.
#[derive(Debug, Default)]
pub struct Ticks {
    next: AtomicU64,
    closed: AtomicBool,
}

impl Ticks {
    /// It is `at` from now on; never earlier than before.
    pub fn set(&self, at: Nanos) {
        self.next
            .fetch_max((at.0 / MOMENT) << READINGS, Ordering::AcqRel);
    }

    /// Nothing that happens from now on is part of the story.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Whether the story is over.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// The next reading.
    pub(super) fn raw(&self) -> u64 {
        self.next.fetch_add(1, Ordering::AcqRel)
    }

    /// The moment of a reading.
    pub(super) const fn at(raw: u64) -> Nanos {
        Nanos((raw >> READINGS) * MOMENT)
    }
}
