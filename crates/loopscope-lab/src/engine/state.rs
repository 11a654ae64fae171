//! What the functions of one process share: variables, locks, channels.

use std::sync::{Mutex, PoisonError};

use super::channels::Channel;
use super::locks::Lock;
use super::stage::Stage;
use crate::scenario::Value;
use loopscope_trace::{Actor, ChannelId, EventKind, LockId, Story, VariableId};

/// The shared things of a process, by the ids of the story.
#[derive(Debug, Default)]
pub(super) struct State {
    variables: Vec<Mutex<Value>>,
    locks: Vec<Lock>,
    channels: Vec<Channel>,
}

impl State {
    /// Everything as the file has it before the run.
    pub(super) fn new(story: &Story) -> Self {
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

    pub(super) fn lock(&self, lock: LockId) -> Option<&Lock> {
        self.locks.get(lock.index())
    }

    pub(super) fn channel(&self, channel: ChannelId) -> Option<&Channel> {
        self.channels.get(channel.index())
    }

    /// What a variable holds now.
    pub(super) fn read(&self, stage: &Stage, actor: Actor, variable: VariableId) -> Value {
        let Some(place) = self.variables.get(variable.index()) else {
            return Value::Integer(0);
        };
        let value = place.lock().unwrap_or_else(PoisonError::into_inner);
        // Told under the mutex, so that reads and writes stand in the trace as they happened.
        stage.recorder.record(EventKind::VariableRead {
            actor,
            variable: short(variable.0),
            value: stage.recorder.intern(&value.to_string()),
        });
        value.clone()
    }

    /// Puts a value into a variable.
    pub(super) fn write(&self, stage: &Stage, actor: Actor, variable: VariableId, value: Value) {
        let Some(place) = self.variables.get(variable.index()) else {
            return;
        };
        let mut held = place.lock().unwrap_or_else(PoisonError::into_inner);
        stage.recorder.record(EventKind::VariableWritten {
            actor,
            variable: short(variable.0),
            value: stage.recorder.intern(&value.to_string()),
        });
        *held = value;
    }
}

/// A place in the story as the events carry it.
pub(super) fn short(place: u32) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}
