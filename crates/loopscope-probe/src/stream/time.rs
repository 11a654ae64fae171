//! Readings of the processor's counter as nanoseconds of the monotonic clock, which all processes share.

use crate::clock::both;
use crate::lane::lanes::{clock, now};

/// Two readings of both clocks: what lies between is told by their line, so that they never drift apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    before: (u64, u64),
    now: (u64, u64),
}

impl Time {
    /// Now.
    pub(crate) fn new() -> Self {
        let now = read();
        Self { before: now, now }
    }

    /// Reads both clocks again.
    pub(crate) fn go_on(&mut self) {
        let now = read();
        if now.0 > self.now.0 && now.1 > self.now.1 {
            self.before = self.now;
            self.now = now;
        }
    }

    /// The moment of the last reading, in nanoseconds.
    pub(crate) const fn now(&self) -> u64 {
        self.now.1
    }

    /// The moment of a reading of the counter.
    pub(crate) fn at(&self, raw: u64) -> u64 {
        let ((raw0, at0), (raw1, at1)) = (self.before, self.now);
        if raw < raw0 || raw1 <= raw0 {
            return at0.saturating_sub(clock().delta_as_nanos(raw, raw0));
        }
        if raw > raw1 {
            return at1 + clock().delta_as_nanos(raw1, raw);
        }
        let part = u128::from(raw - raw0) * u128::from(at1 - at0) / u128::from(raw1 - raw0);
        at0 + part as u64
    }

    /// A length in ticks as nanoseconds.
    pub(crate) fn length(ticks: u64) -> u64 {
        clock().delta_as_nanos(0, ticks)
    }
}

fn read() -> (u64, u64) {
    let (wall, raw) = both(now);
    (raw, u64::try_from(wall.as_nanos()).unwrap_or(u64::MAX))
}
