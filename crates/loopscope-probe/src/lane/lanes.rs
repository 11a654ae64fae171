//! All lanes of the process, and the one that this thread has.

use std::cell::Cell;
use std::sync::{Mutex, OnceLock, PoisonError};

use quanta::Clock;

use crate::lane::lane::Lane;
use crate::lane::word::{Tag, Word};
use crate::lane::writer::Writer;

/// The lanes that were made, and those of them whose threads have ended.
#[derive(Debug, Default)]
struct Lanes {
    all: Vec<&'static Lane>,
    free: Vec<&'static Lane>,
}

static LANES: Mutex<Lanes> = Mutex::new(Lanes {
    all: Vec::new(),
    free: Vec::new(),
});
static CLOCK: OnceLock<Clock> = OnceLock::new();

thread_local! {
    static WRITER: Writer = const { Writer::new() };
    static LEAVE: Leave = const { Leave(Cell::new(false)) };
}

/// Gives the lane back at the end of its thread.
struct Leave(Cell<bool>);

impl Drop for Leave {
    fn drop(&mut self) {
        let _ = WRITER.try_with(|writer| {
            writer.note(now(), Word::new(Tag::ThreadEnded, 0, 0));
            if let Some(lane) = writer.leave() {
                lock().free.push(lane);
            }
        });
    }
}

fn lock() -> std::sync::MutexGuard<'static, Lanes> {
    LANES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The clock of all lanes.
pub(crate) fn clock() -> &'static Clock {
    CLOCK.get_or_init(Clock::new)
}

/// A reading of it.
#[inline]
pub(crate) fn now() -> u64 {
    clock().raw()
}

/// Does something with this thread's writer. `name` gives the number of a text; it is asked once a thread.
#[inline]
pub(crate) fn with(name: fn(&str) -> u32, then: impl FnOnce(&Writer)) {
    let _ = WRITER.try_with(|writer| {
        if writer.has_lane() || take(writer, name) {
            then(writer);
        }
    });
}

/// Gives this thread a lane: one that is free, or a new one. `false` at the thread's end.
#[cold]
fn take(writer: &Writer, name: fn(&str) -> u32) -> bool {
    if LEAVE.try_with(|leave| leave.0.set(true)).is_err() {
        return false;
    }
    let mut lanes = lock();
    // A lane is there for the whole process: as many as there ever were threads at once.
    let lane = lanes.free.pop().unwrap_or_else(|| {
        let lane = Box::leak(Box::default());
        lanes.all.push(lane);
        lane
    });
    drop(lanes);
    writer.take(lane);
    let thread = std::thread::current();
    let name = name(thread.name().unwrap_or("thread"));
    writer.note(now(), Word::new(Tag::Thread, name, native()));
    true
}

/// What the system calls this thread; 0 where it does not say.
fn native() -> u32 {
    #[cfg(target_os = "linux")]
    {
        rustix::thread::gettid()
            .as_raw_nonzero()
            .get()
            .unsigned_abs()
    }
    #[cfg(not(target_os = "linux"))]
    {
        0
    }
}

/// All lanes, by their numbers.
pub(crate) fn all() -> Vec<&'static Lane> {
    lock().all.clone()
}
