//! The slot that this thread has taken in a recorder.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread;

use loopscope_trace::{EventKind, ThreadId, ThreadRole};

use crate::record::core::Core;
use crate::record::current;
use crate::record::fact::Fact;
use crate::record::slot::Slot;

/// A taken slot; dropped at the thread's end, which frees the ring for another thread.
struct TakenSlot {
    core: Arc<Core>,
    slot: Option<Slot>,
}

impl Drop for TakenSlot {
    fn drop(&mut self) {
        let Some(mut slot) = self.slot.take() else {
            return;
        };
        let thread = slot.thread;
        if !self.core.clock.is_closed() {
            slot.note(&self.core.clock, || {
                Fact::Event(EventKind::ThreadEnded { thread })
            });
        }
        self.core.slots.free(slot);
    }
}

thread_local! {
    static TAKEN: RefCell<Option<TakenSlot>> = const { RefCell::new(None) };
}

/// Notes a fact in this thread's slot. A thread that is past its own end notes nothing, and a
/// closed recorder neither.
///
/// The fact is made where it is written: handed over in memory, it would be stored by its fields
/// and loaded in words, and the processor waits for every store that it cannot forward.
#[inline]
pub(crate) fn note(core: &Arc<Core>, fact: impl FnOnce() -> Fact) {
    if core.clock.is_closed() {
        return;
    }
    let _ = with_slot(core, |slot| slot.note(&core.clock, fact));
}

/// This thread's id in the recorder.
pub(crate) fn id(core: &Arc<Core>) -> ThreadId {
    with_slot(core, |slot| slot.thread).unwrap_or(ThreadId::NONE)
}

/// Does something with this thread's slot; nothing where the thread is past its own end.
#[inline]
fn with_slot<T>(core: &Arc<Core>, then: impl FnOnce(&mut Slot) -> T) -> Option<T> {
    let done = TAKEN.try_with(|taken| {
        // Borrowed already only when a fact is noted while a slot is being taken.
        let mut taken = taken.try_borrow_mut().ok()?;
        match &mut *taken {
            Some(TakenSlot {
                core: own,
                slot: Some(slot),
            }) if Arc::ptr_eq(own, core) => Some(then(slot)),
            other => take_slot(other, core).map(then),
        }
    });
    done.ok().flatten()
}

#[cold]
fn take_slot<'a>(taken: &'a mut Option<TakenSlot>, core: &Arc<Core>) -> Option<&'a mut Slot> {
    let role = current::thread_role().unwrap_or(ThreadRole::Loop);
    let mut slot = core.slots.take(role);
    let name = core
        .texts
        .intern(thread::current().name().unwrap_or("thread"));
    let thread = slot.thread;
    slot.note(&core.clock, || {
        Fact::Event(EventKind::ThreadStarted { thread, role, name })
    });
    // A slot of another recorder, if there was one, is freed here.
    *taken = Some(TakenSlot {
        core: Arc::clone(core),
        slot: Some(slot),
    });
    taken.as_mut().and_then(|taken| taken.slot.as_mut())
}
