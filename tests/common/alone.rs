//! Tests that disturb one another: a turn for each, or a process of its own.
#![allow(dead_code, reason = "no test binary needs all of it")]

use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// A length that misses is measured so often.
const ATTEMPTS: u32 = 3;
/// What a processor must give of its time to a thread that computes, for the machine to be quiet.
const QUIET: f64 = 0.85;
/// How long one waits for a quiet machine, and how often one looks.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(500);

/// Says that this process is a test's own, and which test's.
const OWN: &str = "LOOPSCOPE_TEST_OF_ITS_OWN";

/// Waits until no other test of this binary that asks for it runs. The first thing in a test.
pub fn one_at_a_time() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    // A test that failed has given its turn back all the same.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs the body in a process in which no other test runs or has run: what it counts there, threads
/// or memory, is its own. `name` is the test's path as `cargo test` prints it.
pub fn in_a_process_of_its_own(name: &str, body: impl FnOnce()) {
    if std::env::var(OWN).is_ok_and(|own| own == name) {
        return body();
    }
    let output = Command::new(std::env::current_exe().expect("this test is a program"))
        .args(["--exact", name, "--nocapture"])
        .env(OWN, name)
        .output()
        .expect("a program can be started");
    let said =
        [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    println!("{}", said.concat());
    assert!(output.status.success(), "{name}: {}", output.status);
    assert!(said[0].contains("1 passed"), "there is no test {name}");
}

/// Holds a law about lengths of real time. What misses is measured again when the machine is quiet; on
/// a machine that is never quiet it is told and not failed. Orders are asserted inside, and count always.
pub fn measured(law: impl Fn() -> Result<(), String>) {
    let mut missed = String::new();
    for _ in 0..ATTEMPTS {
        let was_quiet = !missed.is_empty() && gets_quiet();
        match law() {
            Ok(()) => return,
            Err(how) => missed = how,
        }
        // Whether it was disturbed is known only where it was quiet before and after.
        assert!(!(was_quiet && is_quiet() && is_quiet()), "{missed}");
    }
    println!("not held against the clock, the machine is busy: {missed}");
}

fn gets_quiet() -> bool {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if is_quiet() {
            return true;
        }
        std::thread::sleep(LOOK);
    }
    false
}

/// Whether nobody else needs the processors.
fn is_quiet() -> bool {
    let cores = available_parallelism().map_or(1, usize::from);
    let share = || {
        let used = || {
            let time = clock_gettime(ClockId::ThreadCPUTime);
            Duration::new(
                time.tv_sec.unsigned_abs(),
                time.tv_nsec.unsigned_abs().try_into().unwrap_or(0),
            )
        };
        let (began, before) = (Instant::now(), used());
        while began.elapsed() < Duration::from_millis(100) {
            std::hint::spin_loop();
        }
        (used() - before).as_secs_f64() / began.elapsed().as_secs_f64()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(share)).collect();
        threads
            .into_iter()
            .all(|thread| thread.join().is_ok_and(|share| share >= QUIET))
    })
}
