//! The variables that the functions of one process share, and its locks, channels and events.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use loopscope_probe::Recorder;
use loopscope_trace::{
    Actor, ChannelId, EventKind, FunctionId, LockId, LoopId, NamedEventId, Story, VariableId,
};
use parking_lot::Mutex;

use crate::engine::state::channels::Channel;
use crate::engine::state::events::NamedEvent;
use crate::engine::state::locks::Lock;
use crate::scenario::model::expression::Value;

/// The shared things of a process, by the ids of the story.
#[derive(Debug, Default)]
pub(crate) struct SharedValues {
    variables: Vec<Mutex<Value>>,
    /// The files of those that lie in one, where other processes have them, too.
    store: OnceLock<Vec<Option<PathBuf>>>,
    locks: Vec<Lock>,
    channels: Vec<Channel>,
    events: Vec<NamedEvent>,
}

impl SharedValues {
    /// Everything as the file has it before the run.
    pub(crate) fn new(story: &Story) -> Self {
        let variables = story.variables.iter();
        Self {
            variables: variables
                .map(|variable| Mutex::new(Value::written(&variable.initial)))
                .collect(),
            store: OnceLock::new(),
            locks: story.locks.iter().map(Lock::new).collect(),
            channels: story.channels.iter().map(Channel::new).collect(),
            events: story.events.iter().map(NamedEvent::new).collect(),
        }
    }

    pub(crate) fn lock(&self, lock: LockId) -> Option<&Lock> {
        self.locks.get(lock.index())
    }

    pub(crate) fn channel(&self, channel: ChannelId) -> Option<&Channel> {
        self.channels.get(channel.index())
    }

    pub(crate) fn event(&self, event: NamedEventId) -> Option<&NamedEvent> {
        self.events.get(event.index())
    }

    /// From now on variables that lie in files are read and written there.
    pub(crate) fn store_in(&self, story: &Story, folder: &Path) {
        let files = story.variables.iter();
        let files = files.map(|own| own.file.then(|| folder.join(&own.name)));
        let _ = self.store.set(files.collect());
    }

    fn file(&self, variable: VariableId) -> Option<&Path> {
        self.store.get()?.get(variable.index())?.as_deref()
    }

    /// What a variable holds now.
    pub(crate) fn read(&self, recorder: &Recorder, actor: Actor, variable: VariableId) -> Value {
        let Some(place) = self.variables.get(variable.index()) else {
            return Value::Integer(0);
        };
        let mut value = place.lock();
        let stored = self
            .file(variable)
            .and_then(|file| fs::read_to_string(file).ok());
        if let Some(text) = stored {
            *value = Value::written(&text);
        }
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
        if let Some(file) = self.file(variable) {
            store(file, &value.to_string());
        }
        *held = value;
    }
}

/// Writes a file in one step: a reader finds the old text or the new one.
pub(crate) fn store(file: &Path, text: &str) {
    let own = file.with_extension(std::process::id().to_string());
    // Where the folder is gone, so is the run.
    let _ = fs::write(&own, text).and_then(|()| fs::rename(&own, file));
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
