//! The variables, locks and channels that the functions of one process share.

use parking_lot::Mutex;

use crate::engine::state::channel::Channel;
use crate::engine::state::lock::Lock;
use crate::scenario::model::value::Value;
use loopscope_probe::Recorder;
use loopscope_trace::{Actor, ChannelId, EventKind, FunctionId, LockId, LoopId, Story, VariableId};

/// The shared things of a process, by the ids of the story.
#[derive(Debug, Default)]
pub(crate) struct SharedValues {
    variables: Vec<Mutex<Value>>,
    locks: Vec<Lock>,
    channels: Vec<Channel>,
}

impl SharedValues {
    /// Everything as the file has it before the run.
    pub(crate) fn new(story: &Story) -> Self {
        let initial = |text: &String| match text.parse() {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Text(text.clone()),
        };
        let variables = story.variables.iter();
        Self {
            variables: variables
                .map(|variable| Mutex::new(initial(&variable.initial)))
                .collect(),
            locks: story
                .locks
                .iter()
                .map(|lock| Lock::new(lock.kind))
                .collect(),
            channels: story
                .channels
                .iter()
                .map(|channel| Channel::new(channel.keep))
                .collect(),
        }
    }

    pub(crate) fn lock(&self, lock: LockId) -> Option<&Lock> {
        self.locks.get(lock.index())
    }

    pub(crate) fn channel(&self, channel: ChannelId) -> Option<&Channel> {
        self.channels.get(channel.index())
    }

    /// What a variable holds now.
    pub(crate) fn read(&self, recorder: &Recorder, actor: Actor, variable: VariableId) -> Value {
        let Some(place) = self.variables.get(variable.index()) else {
            return Value::Integer(0);
        };
        let value = place.lock();
        // Recorded under the mutex, so that reads and writes stand in the trace as they happened.
        recorder.record(EventKind::VariableRead {
            actor,
            variable: short(variable.0),
            value: recorder.intern(&value.to_string()),
        });
        value.clone()
    }

    /// Puts a value into a variable.
    pub(crate) fn write(
        &self,
        recorder: &Recorder,
        actor: Actor,
        variable: VariableId,
        value: Value,
    ) {
        let Some(place) = self.variables.get(variable.index()) else {
            return;
        };
        let mut held = place.lock();
        recorder.record(EventKind::VariableWritten {
            actor,
            variable: short(variable.0),
            value: recorder.intern(&value.to_string()),
        });
        *held = value;
    }
}

/// A place in the story as the events carry it.
pub(crate) fn short(place: u32) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// A function's place as the events carry it.
pub(crate) fn number(function: FunctionId) -> u16 {
    u16::try_from(function.0).unwrap_or(EventKind::NO_FUNCTION)
}

/// The place of a further loop among all loops.
pub(crate) const fn place(id: LoopId) -> usize {
    id.index() + 1
}
