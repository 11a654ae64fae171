//! Tests that disturb one another: a turn for each, or a process of its own.
#![allow(dead_code, reason = "no test binary needs all of it")]

use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Says that this process is a test's own, and which test's.
const OWN: &str = "LOOPSCOPE_TEST_OF_ITS_OWN";

/// Waits until no other test of this binary that asks for it runs. The first thing in a test.
#[must_use]
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
