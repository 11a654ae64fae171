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

/// Rung by one thread for another; a ring that nobody waits for is kept.
#[derive(Debug, Default)]
pub(super) struct Bell {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Bell {
    /// Rings it.
    pub(super) fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits for a ring, or for `length`.
    pub(super) fn wait(&self, length: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(rung, length, |rung| !*rung);
        *waited.unwrap_or_else(PoisonError::into_inner).0 = false;
    }
}
