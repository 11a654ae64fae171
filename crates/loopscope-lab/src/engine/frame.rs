//! One call of a function: its locals, and what it has started.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;

use super::jobs::Job;
use crate::scenario::Value;
use loopscope_probe::{Coroutine, TaskCell};

use super::flow::Flow;

/// Something that a body has started, or made, and that a later step names.
pub(super) enum Started {
    /// A task.
    Task(Arc<TaskCell>, JoinHandle<Value>),
    /// A job.
    Job(Job),
    /// A coroutine that nobody has started.
    Coroutine(Coroutine<(Flow, Value)>),
}

/// Locals by their names.
pub(super) type Locals = BTreeMap<String, Value>;

/// The locals of one call. Shared, because the branches of a `select` write into the same ones.
#[derive(Default)]
pub(super) struct Frame {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    locals: HashMap<String, Value>,
    started: HashMap<String, Started>,
    result: Option<Value>,
}

impl Frame {
    /// A call with these arguments.
    pub(super) fn new(params: &[String], arguments: Vec<Value>) -> Self {
        let frame = Self::default();
        frame.lock().locals = params.iter().cloned().zip(arguments).collect();
        frame
    }

    /// A call with these locals, which another process has sent.
    pub(super) fn with(locals: Locals) -> Self {
        let frame = Self::default();
        frame.lock().locals = locals.into_iter().collect();
        frame
    }

    /// The locals, in the order of their names.
    pub(super) fn locals(&self) -> Locals {
        let inner = self.lock();
        let locals = inner.locals.iter();
        locals
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// What an inner function of this one sees: the locals as they are now.
    pub(super) fn inner(&self) -> Self {
        let frame = Self::default();
        frame.lock().locals.clone_from(&self.lock().locals);
        frame
    }

    /// A local or a parameter.
    pub(super) fn get(&self, name: &str) -> Option<Value> {
        self.lock().locals.get(name).cloned()
    }

    /// Writes a local.
    pub(super) fn set(&self, name: &str, value: Value) {
        self.lock().locals.insert(name.to_owned(), value);
    }

    /// Writes a local, where a name is given.
    pub(super) fn put(&self, name: Option<&String>, value: Value) {
        if let Some(name) = name {
            self.set(name, value);
        }
    }

    /// Keeps what was started. What had the name before runs on without one.
    pub(super) fn keep(&self, name: &str, started: Started) {
        let before = self.lock().started.insert(name.to_owned(), started);
        // Its end may be an event; never while the frame is locked.
        drop(before);
    }

    /// Hands over what was started under this name.
    pub(super) fn take(&self, name: &str) -> Option<Started> {
        self.lock().started.remove(name)
    }

    /// Leaves the call with a result.
    pub(super) fn set_result(&self, value: Value) {
        self.lock().result = Some(value);
    }

    /// What the call returned, if it returned anything.
    pub(super) fn result(&self) -> Option<Value> {
        self.lock().result.take()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
