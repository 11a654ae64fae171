//! Locks: one for which tasks wait at an await, in turn, and one for which threads wait.

use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use loopscope_trace::LockKind;

/// How long a thread may wait before it looks whether the run was halted.
const HALT_POLL: Duration = Duration::from_millis(5);

/// A lock of the story.
#[derive(Debug)]
pub(crate) enum Lock {
    /// tokio's: fair, first come, first served.
    Async(tokio::sync::Mutex<()>),
    /// One that holds threads.
    Std(ThreadLock),
}

impl Lock {
    pub(crate) fn new(kind: LockKind) -> Self {
        match kind {
            LockKind::Async => Self::Async(tokio::sync::Mutex::new(())),
            LockKind::Std => Self::Std(ThreadLock::default()),
        }
    }
}

/// Like `std::sync::Mutex`, but its owner may be a task that moves to another thread, and a
/// waiter lets go when the run is halted.
#[derive(Debug, Default)]
pub(crate) struct ThreadLock {
    owned: Mutex<bool>,
    freed: Condvar,
}

impl ThreadLock {
    /// True if it was free and is owned now.
    pub(crate) fn try_take(&self) -> bool {
        let mut owned = self.owned.lock();
        !std::mem::replace(&mut *owned, true)
    }

    /// Waits on this thread until it is owned; false if `halted` says so first.
    pub(crate) fn take(&self, halted: impl Fn() -> bool) -> bool {
        let mut owned = self.owned.lock();
        while *owned {
            if halted() {
                return false;
            }
            self.freed.wait_for(&mut owned, HALT_POLL);
        }
        *owned = true;
        true
    }

    pub(crate) fn give(&self) {
        *self.owned.lock() = false;
        self.freed.notify_one();
    }
}
