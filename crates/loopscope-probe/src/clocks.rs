//! Two clocks read at the same moment: ours, and the one that all processes share.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// CLOCK_MONOTONIC and `raw`, read as close together as the machine lets us.
pub(super) fn both(raw: impl Fn() -> u64) -> (Duration, u64) {
    const CLOSE: Duration = Duration::from_micros(5);
    const TRIES: u32 = 16;
    let mut best = (Duration::MAX, Duration::ZERO, 0);
    for _ in 0..TRIES {
        let before = monotonic();
        let reading = raw();
        let apart = monotonic().saturating_sub(before);
        // Another thread may take the processor between the two.
        if apart < best.0 {
            best = (apart, before + apart / 2, reading);
        }
        if apart < CLOSE {
            break;
        }
    }
    (best.1, best.2)
}

fn monotonic() -> Duration {
    let now = clock_gettime(ClockId::Monotonic);
    Duration::new(
        now.tv_sec.unsigned_abs(),
        u32::try_from(now.tv_nsec).unwrap_or(0),
    )
}
