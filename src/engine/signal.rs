//! A signal that many threads can wait on for a while: the end of the run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Given once, never taken back.
#[derive(Debug, Default)]
pub(super) struct Signal {
    given: AtomicBool,
    guard: Mutex<()>,
    changed: Condvar,
}

impl Signal {
    /// Whether it has been given.
    pub(super) fn given(&self) -> bool {
        self.given.load(Ordering::Acquire)
    }

    /// Gives it; everybody who waits goes on at once.
    pub(super) fn give(&self) {
        // Under the lock, so that nobody can miss it between looking and waiting.
        let _guard = self.guard.lock().unwrap_or_else(PoisonError::into_inner);
        self.given.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    /// Waits for `length`, or until the signal is given; true if it was given.
    pub(super) fn wait(&self, length: Duration) -> bool {
        let until = Instant::now() + length;
        let mut guard = self.guard.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if self.given() {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            guard = match self.changed.wait_timeout(guard, left) {
                Ok((guard, _)) => guard,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}
