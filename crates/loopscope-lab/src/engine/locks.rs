//! Locks: one for which tasks wait at an await, in turn, and one for which threads wait.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::cx::Cx;
use super::flow::Flow;
use super::frame::Frame;
use super::interpret::run;
use super::state::short;
use crate::scenario::Step;
use loopscope_probe::Recorder;
use loopscope_trace::{Actor, BlockKind, EventKind, LockId, LockKind, WaitOn};

/// How long a thread may wait before it looks whether the run was halted.
const GLANCE: Duration = Duration::from_millis(5);

/// A lock of the story.
#[derive(Debug)]
pub(super) enum Lock {
    /// tokio's: fair, first come, first served.
    Async(tokio::sync::Mutex<()>),
    /// One that holds threads.
    Std(ThreadLock),
}

impl Lock {
    pub(super) fn new(kind: LockKind) -> Self {
        match kind {
            LockKind::Async => Self::Async(tokio::sync::Mutex::new(())),
            LockKind::Std => Self::Std(ThreadLock::default()),
        }
    }
}

/// Like `std::sync::Mutex`, but its owner may be a task that moves to another thread, and a
/// waiter lets go when the run is halted.
#[derive(Debug, Default)]
pub(super) struct ThreadLock {
    owned: Mutex<bool>,
    freed: Condvar,
}

impl ThreadLock {
    /// True if it was free and is owned now.
    fn try_take(&self) -> bool {
        let mut owned = self.owned.lock().unwrap_or_else(PoisonError::into_inner);
        !std::mem::replace(&mut *owned, true)
    }

    /// Waits on this thread until it is owned; false if `halted` says so first.
    fn take(&self, halted: impl Fn() -> bool) -> bool {
        let mut owned = self.owned.lock().unwrap_or_else(PoisonError::into_inner);
        while *owned {
            if halted() {
                return false;
            }
            let waited = self.freed.wait_timeout(owned, GLANCE);
            owned = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *owned = true;
        true
    }

    fn give(&self) {
        *self.owned.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.freed.notify_one();
    }
}

/// An actor that wants a lock or has it; dropped when it does neither any more.
struct Wanted<'a> {
    recorder: &'a Recorder,
    actor: Actor,
    lock: u16,
}

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        // Before the lock itself is free, so that nobody seems to take it while it is owned.
        self.recorder.record(EventKind::LockReleased {
            actor: self.actor,
            lock: self.lock,
        });
    }
}

/// Gives a lock of threads back.
struct Owned<'a>(&'a ThreadLock);

impl Drop for Owned<'_> {
    fn drop(&mut self) {
        self.0.give();
    }
}

impl Cx {
    /// Does a body while owning a lock.
    pub(super) async fn lock(&self, id: LockId, body: &[Step], frame: &Frame) -> Flow {
        let Some(lock) = self.stage.state.lock(id) else {
            return run(self, body, frame).await;
        };
        let (recorder, actor) = (&self.stage.recorder, self.actor());
        let number = short(id.0);
        recorder.record(EventKind::LockWanted {
            actor,
            lock: number,
        });
        let wanted = Wanted {
            recorder,
            actor,
            lock: number,
        };
        let taken = || {
            recorder.record(EventKind::LockTaken {
                actor,
                lock: number,
            });
        };
        match lock {
            Lock::Async(mutex) => {
                let guard = match mutex.try_lock() {
                    Ok(guard) => guard,
                    Err(_) => {
                        self.waits_for(WaitOn::Lock(id));
                        mutex.lock().await
                    }
                };
                taken();
                let flow = run(self, body, frame).await;
                drop(wanted);
                drop(guard);
                flow
            }
            Lock::Std(lock) => {
                if !lock.try_take() && !self.wait_on_thread(lock) {
                    return Flow::Halted;
                }
                let owned = Owned(lock);
                taken();
                let flow = run(self, body, frame).await;
                drop(wanted);
                drop(owned);
                flow
            }
        }
    }

    fn wait_on_thread(&self, lock: &ThreadLock) -> bool {
        let stage = &self.stage;
        self.held(BlockKind::Lock, || {
            stage.without_gil(|| {
                let computed = stage.host.wait(None, &mut || lock.try_take());
                computed.unwrap_or_else(|| lock.take(|| stage.halt.given()))
            })
        })
    }
}
