//! A thread's own place in a recorder: its slot, the task it polls, the spawn it is about to make.

use std::cell::{Cell, RefCell};
use std::thread;

use super::record::{Fact, Record};
use super::recorder::{Recorder, Seat};
use super::spawn::Announcement;
use loopscope_trace::{EventKind, TaskId, ThreadId};

/// A taken slot; dropped at the thread's end, which frees the slot for another thread.
pub(super) struct Local {
    recorder: Recorder,
    seat: Option<Seat>,
}

impl Drop for Local {
    fn drop(&mut self) {
        if let Some(mut seat) = self.seat.take() {
            let thread = seat.thread;
            let recorder = &self.recorder;
            if recorder.is_closed() {
                return recorder.free(seat);
            }
            seat.note(&self.recorder, || {
                Fact::Event(EventKind::ThreadEnded { thread })
            });
            self.recorder.free(seat);
        }
    }
}

thread_local! {
    static LOCAL: RefCell<Option<Local>> = const { RefCell::new(None) };
    static CURRENT: Cell<TaskId> = const { Cell::new(TaskId::NONE) };
    static LAST_ENDED: Cell<TaskId> = const { Cell::new(TaskId::NONE) };
    static ANNOUNCED: Cell<Option<Announcement>> = const { Cell::new(None) };
}

impl Seat {
    #[inline]
    fn note(&mut self, recorder: &Recorder, fact: impl FnOnce() -> Fact) {
        self.writer.begin();
        let raw = recorder.raw();
        self.writer.push(Record { raw, fact: fact() });
        self.writer.end();
    }
}

/// Notes a fact in this thread's slot. A thread that is past its own end notes nothing.
///
/// The fact is made where it is written: handed over in memory, it would be stored by its fields
/// and loaded in words, and the processor waits for every store that it cannot forward.
#[inline]
pub(super) fn note(recorder: &Recorder, fact: impl FnOnce() -> Fact) {
    let _ = LOCAL.try_with(|local| {
        // Taken already only when a fact is noted while a slot is being taken.
        let Ok(mut local) = local.try_borrow_mut() else {
            return;
        };
        match &mut *local {
            Some(Local {
                recorder: own,
                seat: Some(seat),
            }) if own.same(recorder) => seat.note(recorder, fact),
            other => {
                if let Some(seat) = sit_down(other, recorder) {
                    seat.note(recorder, fact);
                }
            }
        }
    });
}

/// This thread's id in the recorder.
pub(super) fn thread(recorder: &Recorder) -> ThreadId {
    LOCAL
        .try_with(|local| {
            let mut local = local.try_borrow_mut().ok()?;
            match &mut *local {
                Some(Local {
                    recorder: own,
                    seat: Some(seat),
                }) if own.same(recorder) => Some(seat.thread),
                other => sit_down(other, recorder).map(|seat| seat.thread),
            }
        })
        .ok()
        .flatten()
        .unwrap_or(ThreadId::NONE)
}

#[cold]
fn sit_down<'a>(local: &'a mut Option<Local>, recorder: &Recorder) -> Option<&'a mut Seat> {
    let name = thread::current().name().unwrap_or("thread").to_owned();
    let (mut seat, role) = recorder.seat(&name);
    let (thread, name) = (seat.thread, recorder.intern(&name));
    seat.note(recorder, || {
        Fact::Event(EventKind::ThreadStarted { thread, role, name })
    });
    // A slot of another recorder, if there was one, is freed here.
    *local = Some(Local {
        recorder: recorder.clone(),
        seat: Some(seat),
    });
    local.as_mut().and_then(|local| local.seat.as_mut())
}

/// The task that this thread polls, as far as wrappers know.
pub(super) fn current() -> TaskId {
    CURRENT.try_with(Cell::get).unwrap_or(TaskId::NONE)
}

/// Says whom this thread polls from now on, and returns whom it polled.
#[inline]
pub(super) fn set_current(task: TaskId) -> TaskId {
    CURRENT
        .try_with(|current| current.replace(task))
        .unwrap_or(TaskId::NONE)
}

/// The wrapped task that was dropped last on this thread: tokio wakes those who wait for a task
/// right after it has dropped the task's future, on the same thread.
pub(super) fn last_ended() -> TaskId {
    LAST_ENDED.try_with(Cell::get).unwrap_or(TaskId::NONE)
}

pub(super) fn set_last_ended(task: TaskId) {
    let _ = LAST_ENDED.try_with(|last| last.set(task));
}

/// What the hook should say of the task that this thread is about to spawn.
pub(super) fn announce(announcement: Option<Announcement>) -> Option<Announcement> {
    ANNOUNCED
        .try_with(|announced| announced.replace(announcement))
        .ok()
        .flatten()
}
