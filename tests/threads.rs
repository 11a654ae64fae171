//! A stopped run leaves no thread behind.

#[path = "common/play.rs"]
mod play;

use std::time::{Duration, Instant};

use loopscope::trace::Nanos;
use play::{scenario, secs};

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

/// The aim is 50 ms; a busy machine gets more, but never as much as a sleep.
#[test]
#[cfg(target_os = "linux")]
fn two_hundred_stopped_runs_leave_no_thread() {
    let before = threads();
    let mut slowest = Duration::ZERO;
    for number in 0..200 {
        let hour = secs(3_600);
        let hold = match number % 4 {
            0 => play::block(hour),
            1 => play::cpu(hour),
            2 => play::sleep(hour),
            _ => play::inline(vec![play::block(hour)]),
        };
        let mut builder = scenario()
            .function("hold", number % 8 < 4, vec![hold])
            .request("tab 1", 0, Nanos::ZERO)
            .request("tab 2", 0, Nanos::ZERO);
        if number % 5 == 0 {
            builder = builder.multi_thread(2);
        }
        let run = builder.begin(1.0);
        std::thread::sleep(Duration::from_millis(number % 7));
        drop(run);
        let dropped = Instant::now();
        while threads() > before {
            assert!(
                dropped.elapsed() < Duration::from_secs(5),
                "{} threads are left of run {number}",
                threads() - before
            );
            std::thread::sleep(Duration::from_millis(1));
        }
        slowest = slowest.max(dropped.elapsed());
    }
    println!("slowest: {slowest:?}");
}
