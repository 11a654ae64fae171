//! Slots: a ring that a thread has taken, and the rings that are free for the next thread.

use loopscope_trace::{ThreadId, ThreadRole};
use parking_lot::Mutex;

use crate::clock::RunClock;
use crate::record::fact::{Fact, Record};
use crate::record::ring::{Reader, Writer, ring};

/// Records that fit into the ring of a thread that polls tasks, and of a thread of a pool.
/// Untouched parts of a ring cost no memory.
const LARGE_RING: usize = 64 * 1024;
const SMALL_RING: usize = 4 * 1024;

/// A ring that a thread has taken, under the thread's id.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) thread: ThreadId,
    writer: Writer,
    large: bool,
}

impl Slot {
    /// Notes a fact with the reading at which it happens.
    #[inline]
    pub(crate) fn note(&mut self, clock: &RunClock, fact: impl FnOnce() -> Fact) {
        self.writer.begin();
        let raw = clock.raw();
        self.writer.push(Record { raw, fact: fact() });
        self.writer.end();
    }
}

/// All rings of a recorder.
#[derive(Debug, Default)]
pub(crate) struct Slots(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    threads: u32,
    free: Vec<(bool, Writer)>,
    new: Vec<Reader>,
}

impl Inner {
    fn new_thread(&mut self) -> ThreadId {
        let thread = ThreadId(self.threads);
        self.threads += 1;
        thread
    }
}

impl Slots {
    /// A slot for a new thread of `role`; the ring of an ended thread is used again.
    pub(crate) fn take(&self, role: ThreadRole) -> Slot {
        let large = role != ThreadRole::Pool;
        let mut inner = self.0.lock();
        let thread = inner.new_thread();
        let free = inner.free.iter().position(|(size, _)| *size == large);
        let writer = if let Some(place) = free {
            inner.free.swap_remove(place).1
        } else {
            let (writer, reader) = ring(if large { LARGE_RING } else { SMALL_RING });
            inner.new.push(reader);
            writer
        };
        Slot {
            thread,
            writer,
            large,
        }
    }

    pub(crate) fn free(&self, slot: Slot) {
        self.0.lock().free.push((slot.large, slot.writer));
    }

    /// An id for a thread of another process, which has no ring here.
    pub(crate) fn new_thread(&self) -> ThreadId {
        self.0.lock().new_thread()
    }

    /// The readers of rings that were made since the last call.
    pub(crate) fn new_readers(&self) -> Vec<Reader> {
        std::mem::take(&mut self.0.lock().new)
    }
}
