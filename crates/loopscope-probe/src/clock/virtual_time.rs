//! Virtual time: each reading is later than all before it, and belongs to the moment set last.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use loopscope_trace::Nanos;

/// Bits of a reading that count the readings in one moment.
const READINGS: u32 = 24;
/// A moment, in nanoseconds.
const MOMENT: u64 = 1_000;

/// A clock that the program sets; a [`Recorder`](crate::Recorder) reads it in place of the
/// processor's. Its resolution is a microsecond.
#[derive(Debug, Default)]
pub struct VirtualTime {
    next: AtomicU64,
    closed: AtomicBool,
}

impl VirtualTime {
    /// Sets the time to `at`; an earlier time than before changes nothing.
    pub fn set(&self, at: Nanos) {
        self.next
            .fetch_max((at.0 / MOMENT) << READINGS, Ordering::AcqRel);
    }

    /// Ends the recording: what happens from now on is not noted.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Whether the recording has been ended.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// The next reading.
    pub(crate) fn raw(&self) -> u64 {
        self.next.fetch_add(1, Ordering::AcqRel)
    }

    /// The moment of a reading.
    pub(crate) const fn at(raw: u64) -> Nanos {
        Nanos((raw >> READINGS) * MOMENT)
    }
}
