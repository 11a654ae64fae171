//! A stopped run leaves no thread behind.

use crate::common::alone::{in_a_process_of_its_own, one_at_a_time};
use crate::common::play;

use std::time::{Duration, Instant};

use crate::common::play::{scenario, secs};
use loopscope::trace::Nanos;

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

/// The aim is 50 ms; a busy machine gets more, but never as much as a sleep.
#[test]
#[cfg(target_os = "linux")]
fn two_hundred_stopped_runs_leave_no_thread() {
    let _turn = one_at_a_time();
    in_a_process_of_its_own("threads::two_hundred_stopped_runs_leave_no_thread", || {
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
                    dropped.elapsed() < Duration::from_secs(20),
                    "{} threads are left of run {number}",
                    threads() - before
                );
                std::thread::sleep(Duration::from_millis(1));
            }
            slowest = slowest.max(dropped.elapsed());
        }
        println!("slowest: {slowest:?}");
    });
}

/// Whatever a thread waits for, the end of the run reaches it: a lock, another loop, its own loop,
/// a queue that nobody fills, a server that has been stopped.
#[test]
#[cfg(target_os = "linux")]
fn stopped_runs_leave_no_thread_whatever_they_wait_for() {
    let _turn = one_at_a_time();
    in_a_process_of_its_own(
        "threads::stopped_runs_leave_no_thread_whatever_they_wait_for",
        || {
            let before = threads();
            let tables = "title = \"t\"\nasks = \"a\"\nshows = \"s\"\nlimit = \"60min\"\n\
             [[loop]]\nname = \"second\"\n[[pool]]\nname = \"io\"\nthreads = 2\n\
             [[lock]]\nname = \"gate\"\nkind = \"std\"\n[[lock]]\nname = \"door\"\nkind = \"async\"\n\
             [[channel]]\nname = \"box\"\nkeep = \"all\"\n\
             [[function]]\nname = \"hour\"\nbody = [{ sleep = \"3000s\" }, { send = \"box\", value = 1 }]\n\
             [[function]]\nname = \"hold\"\nasync = false\nbody = [{ lock = \"gate\", do = [{ block = \"3000s\" }] }]\n\
             [[start]]\nrun = \"main\"\nat = \"0s\"\n";
            let bodies = [
                "{ block_on = \"hour\" }",
                "{ block_on = \"hour\", on = \"second\" }",
                "{ spawn_blocking = \"hold\", detach = true }, { spawn_blocking = \"hold\", pool = \"io\" }",
                "{ spawn = \"hour\", as = \"h\" }, { recv = \"box\" }, { await = \"h\" }",
                "{ timeout = \"3000s\", do = [{ join = [\"hour\", \"hour\"] }] }",
                "{ select = [{ do = [{ call = \"hour\" }] }, { do = [{ spawn_blocking = \"hold\" }] }] }",
            ];
            for number in 0..60 {
                let body = bodies[number % bodies.len()];
                let source = format!(
                    "{tables}[[function]]\nname = \"main\"\nbody = [{body}, {{ print = \"x\" }}]\n"
                );
                let run = play::begin_toml(&source, 1.0);
                std::thread::sleep(Duration::from_millis((number % 7) as u64 * 2));
                drop(run);
                let dropped = Instant::now();
                while threads() > before {
                    assert!(
                        dropped.elapsed() < Duration::from_secs(20),
                        "{} threads are left of {body}",
                        threads() - before
                    );
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        },
    );
}
