//! Tells the trace what the locals hold of the calls that a task or a job has open.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use loopscope_probe::Recorder;
use loopscope_trace::{Actor, EventKind, FunctionId, Story, TextId, short};
use parking_lot::Mutex;

use crate::engine::state::shared_values;
use crate::scenario::model::expression::Value;

/// The most characters of a value that are told.
const LONGEST: usize = 200;

/// The calls that a task or a job has open, several where it polls several side by side.
#[derive(Default)]
pub(crate) struct Calls {
    slots: Mutex<Vec<Slot>>,
    /// A call is over whose locals are still told as if it were not.
    over: AtomicBool,
}

#[derive(Default)]
struct Slot {
    open: bool,
    /// What was told of its locals.
    told: Vec<(u16, TextId)>,
}

/// One of the calls; it is over when this is dropped.
pub(crate) struct OpenCall {
    calls: Arc<Calls>,
    number: u8,
}

impl Calls {
    /// Opens a call; `None` where more are open than can be told apart.
    pub(crate) fn open(self: &Arc<Self>) -> Option<OpenCall> {
        let mut slots = self.slots.lock();
        let free = |slot: &Slot| !slot.open && slot.told.is_empty();
        let place = slots.iter().position(free).unwrap_or(slots.len());
        let number = u8::try_from(place).ok()?;
        if place == slots.len() {
            slots.push(Slot::default());
        }
        slots[place].open = true;
        let calls = Arc::clone(self);
        Some(OpenCall { calls, number })
    }

    /// Tells that the locals of calls have no value any more that are over.
    pub(crate) fn settle(&self, recorder: &Recorder, actor: Actor) {
        if !self.over.swap(false, Ordering::Relaxed) {
            return;
        }
        for (slot, call) in self.slots.lock().iter_mut().zip(0..=u8::MAX) {
            if slot.open {
                continue;
            }
            for (local, _) in slot.told.drain(..) {
                recorder.record(EventKind::LocalSet {
                    actor,
                    local,
                    call,
                    value: TextId::NONE,
                });
            }
        }
    }

    /// Tells all values once more: another job goes on with the calls.
    pub(crate) fn tell_again(&self, recorder: &Recorder, actor: Actor) {
        for (slot, call) in self.slots.lock().iter().zip(0..=u8::MAX) {
            for &(local, value) in slot.told.iter().filter(|_| slot.open) {
                recorder.record(EventKind::LocalSet {
                    actor,
                    local,
                    call,
                    value,
                });
            }
        }
    }
}

impl OpenCall {
    /// Tells that a local of `function` has got a value.
    pub(crate) fn tell(
        &self,
        (recorder, actor): (&Recorder, Actor),
        local: Option<u16>,
        value: &Value,
    ) {
        let Some(local) = local else { return };
        let value = recorder.intern(&short(&value.to_string(), LONGEST));
        recorder.record(EventKind::LocalSet {
            actor,
            local,
            call: self.number,
            value,
        });
        let mut slots = self.calls.slots.lock();
        let told = &mut slots[usize::from(self.number)].told;
        match told.iter_mut().find(|(other, _)| *other == local) {
            Some((_, last)) => *last = value,
            None => told.push((local, value)),
        }
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        let mut slots = self.calls.slots.lock();
        let slot = &mut slots[usize::from(self.number)];
        slot.open = false;
        if !slot.told.is_empty() {
            self.calls.over.store(true, Ordering::Relaxed);
        }
    }
}

/// The place of a local in the story; those of a function stand together, in the order of the functions.
pub(crate) fn place(story: &Story, function: FunctionId, name: &str) -> Option<u16> {
    let first = story
        .locals
        .partition_point(|local| local.function < function);
    let mut own = story.locals[first..].iter();
    let own = own.position(|local| local.function != function || local.name == name)?;
    let place = first + own;
    let is_it = story.locals[place].function == function;
    is_it.then(|| shared_values::short(u32::try_from(place).unwrap_or(u32::MAX)))
}
