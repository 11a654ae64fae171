//! A signal that many threads can wait for: the end of a run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// Given once, never taken back.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    given: AtomicBool,
    guard: Mutex<()>,
    changed: Condvar,
}

impl Signal {
    /// Whether it has been given.
    pub(crate) fn given(&self) -> bool {
        self.given.load(Ordering::Acquire)
    }

    /// Gives it; all threads that wait go on at once.
    pub(crate) fn give(&self) {
        // Under the lock, so that no thread can miss it between looking and waiting.
        let _guard = self.guard.lock();
        self.given.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    /// Waits for `length`, or until the signal is given; true if it was given.
    pub(crate) fn wait(&self, length: Duration) -> bool {
        let until = Instant::now() + length;
        let mut guard = self.guard.lock();
        loop {
            if self.given() {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            self.changed.wait_for(&mut guard, left);
        }
    }
}
