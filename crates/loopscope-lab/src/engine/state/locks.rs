//! Locks and semaphores, those that tasks wait for and those that hold threads.

use std::time::Duration;

use loopscope_trace::LockKind;
use parking_lot::{Condvar, Mutex};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, Semaphore, SemaphorePermit};

/// How long a thread may wait before it looks whether the run was halted.
pub(crate) const HALT_POLL: Duration = Duration::from_millis(5);

/// A lock of the story.
#[derive(Debug)]
pub(crate) enum Lock {
    /// tokio's: fair, first come, first served. A lock is a semaphore of one permit.
    Async(Semaphore),
    /// tokio's: fair, too; who reads waits for a writer that has asked before.
    Readers(RwLock<()>),
    /// One that holds threads.
    Std(ThreadLock),
}

/// What is given back when it is dropped.
pub(crate) enum Guard<'a> {
    Permit { _permit: SemaphorePermit<'a> },
    Reads { _guard: RwLockReadGuard<'a, ()> },
    Writes { _guard: RwLockWriteGuard<'a, ()> },
}

impl Lock {
    pub(crate) fn new(lock: &loopscope_trace::Lock) -> Self {
        let permits = lock.admits.most();
        match (lock.kind, lock.admits) {
            (_, loopscope_trace::Admits::Readers) => Self::Readers(RwLock::new(())),
            (LockKind::Async, _) => Self::Async(Semaphore::new(permits)),
            (LockKind::Std, _) => Self::Std(ThreadLock::new(permits)),
        }
    }

    /// A guard of one that tasks wait for, where it can be had at once.
    pub(crate) fn try_take(&self, reads: bool) -> Option<Guard<'_>> {
        match (self, reads) {
            (Self::Async(semaphore), _) => {
                let permit = semaphore.try_acquire().ok();
                permit.map(|_permit| Guard::Permit { _permit })
            }
            (Self::Readers(lock), true) => {
                lock.try_read().ok().map(|_guard| Guard::Reads { _guard })
            }
            (Self::Readers(lock), false) => {
                let guard = lock.try_write().ok();
                guard.map(|_guard| Guard::Writes { _guard })
            }
            (Self::Std(_), _) => None,
        }
    }

    /// Waits for it; nothing for one that holds threads.
    pub(crate) async fn take(&self, reads: bool) -> Option<Guard<'_>> {
        match (self, reads) {
            (Self::Async(semaphore), _) => {
                let permit = semaphore.acquire().await.ok();
                permit.map(|_permit| Guard::Permit { _permit })
            }
            (Self::Readers(lock), true) => Some(Guard::Reads {
                _guard: lock.read().await,
            }),
            (Self::Readers(lock), false) => Some(Guard::Writes {
                _guard: lock.write().await,
            }),
            (Self::Std(_), _) => None,
        }
    }
}

/// Like `std::sync::Mutex`, or a semaphore of threads, but its owner may be a task that moves to another thread, and
/// a waiter lets go when the run is halted.
#[derive(Debug)]
pub(crate) struct ThreadLock {
    /// How many more may have it.
    left: Mutex<usize>,
    freed: Condvar,
}

impl ThreadLock {
    fn new(permits: usize) -> Self {
        Self {
            left: Mutex::new(permits),
            freed: Condvar::new(),
        }
    }

    /// True if it was free and is owned now.
    pub(crate) fn try_take(&self) -> bool {
        let mut left = self.left.lock();
        let less = left.checked_sub(1);
        *left = less.unwrap_or_default();
        less.is_some()
    }

    /// Waits on this thread until it is owned; false if `halted` says so first.
    pub(crate) fn take(&self, halted: impl Fn() -> bool) -> bool {
        let mut left = self.left.lock();
        while *left == 0 {
            if halted() {
                return false;
            }
            self.freed.wait_for(&mut left, HALT_POLL);
        }
        *left -= 1;
        true
    }

    pub(crate) fn give(&self) {
        *self.left.lock() += 1;
        self.freed.notify_one();
    }
}
