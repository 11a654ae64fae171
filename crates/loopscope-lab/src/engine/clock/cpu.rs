//! Work for a processor: really computed, measured by the thread's own CPU clock.

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// How many rounds of the computation this machine does in a millisecond of CPU time; measured
/// once a process, which takes a few milliseconds.
pub fn cpu_rate() -> u64 {
    static RATE: OnceLock<u64> = OnceLock::new();
    *RATE.get_or_init(|| (0..3).map(|_| measure()).max().unwrap_or(1).max(1))
}

fn measure() -> u64 {
    let mut rounds = 4_096;
    loop {
        let began = thread_time();
        compute(rounds);
        let used = thread_time().saturating_sub(began);
        // Long enough that the clock's own cost does not show.
        if used >= Duration::from_millis(1) {
            let millis = used.as_secs_f64() * 1e3;
            return (rounds as f64 / millis) as u64;
        }
        rounds *= 2;
    }
}

/// Computes until this thread has used `length` of CPU time, or `halted` says so (asked about
/// every 50 microseconds); true if it computed to the end.
pub(crate) fn burn(length: Duration, halted: impl Fn() -> bool) -> bool {
    let portion = cpu_rate() / 20 + 1;
    let until = thread_time() + length;
    while thread_time() < until {
        if halted() {
            return false;
        }
        compute(portion);
    }
    true
}

fn compute(rounds: u64) {
    let mut number = black_box(0x9e37_79b9_7f4a_7c15_u64);
    for round in 0..rounds {
        number = black_box(number.rotate_left(5) ^ round).wrapping_mul(0x2545_f491_4f6c_dd1d);
    }
    black_box(number);
}

/// CPU time that this thread has used.
fn thread_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        now.tv_sec.unsigned_abs(),
        u32::try_from(now.tv_nsec).unwrap_or(0),
    )
}
