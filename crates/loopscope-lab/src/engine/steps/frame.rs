//! One call of a function: its locals, and what it has started.

use std::collections::HashMap;
use std::sync::OnceLock;

use loopscope_probe::Coroutine;
use loopscope_trace::{ChannelId, FunctionId, Nanos};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::broadcast::Receiver;

use crate::engine::children::child::Locals;
use crate::engine::steps::cancel::Spawned;
use crate::engine::steps::job::{Flow, Job, nothing};
use crate::engine::steps::locals::OpenCall;
use crate::scenario::model::expression::Value;
use crate::scenario::model::step::Missed;

/// Something that a body has started, or made, and that a later step names.
pub(crate) enum Started {
    /// A task.
    Task(Spawned),
    /// A job.
    Job(Job),
    /// A coroutine that has not been started.
    Coroutine(Coroutine<(Flow, Value)>),
    /// Any of them that has ended while it was polled by reference; its result.
    Ended(Value),
}

/// An interval: when its next tick is due, and what becomes of those that are missed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticks {
    pub(crate) due: Nanos,
    pub(crate) period: Nanos,
    pub(crate) missed: Missed,
}

impl Ticks {
    /// The interval after a tick that came at `now`; one that was more than `late` after its moment was missed.
    pub(crate) fn after(self, now: Nanos, late: Nanos) -> Self {
        let since = now.since(self.due);
        let due = match self.missed {
            Missed::Delay if since > late => now + self.period,
            Missed::Skip if since > late => now + Nanos(self.period.0 - since.0 % self.period.0),
            _ => self.due + self.period,
        };
        Self { due, ..self }
    }
}

/// The locals of one call. Shared, because the branches of a `select` write into the same ones.
pub(crate) struct Frame {
    /// Whose locals they are.
    pub(crate) function: FunctionId,
    /// The call as the trace knows it, once it has begun.
    pub(crate) call: OnceLock<OpenCall>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    locals: HashMap<String, Value>,
    started: HashMap<String, Started>,
    intervals: HashMap<String, Ticks>,
    receivers: HashMap<ChannelId, Receiver<Value>>,
    result: Option<Value>,
}

impl Frame {
    fn of(function: FunctionId) -> Self {
        Self {
            function,
            call: OnceLock::new(),
            inner: Mutex::default(),
        }
    }

    /// A call with these arguments.
    pub(crate) fn new(function: FunctionId, params: &[String], arguments: Vec<Value>) -> Self {
        let frame = Self::of(function);
        frame.lock().locals = params.iter().cloned().zip(arguments).collect();
        frame
    }

    /// A call with these locals, which another process has sent.
    pub(crate) fn with(function: FunctionId, locals: Locals) -> Self {
        let frame = Self::of(function);
        frame.lock().locals = locals.into_iter().collect();
        frame
    }

    /// The locals, in the order of their names.
    pub(crate) fn locals(&self) -> Locals {
        let inner = self.lock();
        let locals = inner.locals.iter();
        locals
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// What an inner function of this one sees: the locals as they are now.
    pub(crate) fn inner(&self) -> Self {
        let frame = Self::of(self.function);
        frame.lock().locals.clone_from(&self.lock().locals);
        frame
    }

    /// A local or a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        self.lock().locals.get(name).cloned()
    }

    /// Writes a local.
    pub(crate) fn set(&self, name: &str, value: Value) {
        self.lock().locals.insert(name.to_owned(), value);
    }

    /// Keeps what was started. What had the name before runs on without one.
    pub(crate) fn keep(&self, name: &str, started: Started) {
        let before = self.lock().started.insert(name.to_owned(), started);
        // Its end may be an event; never while the frame is locked.
        drop(before);
    }

    /// Hands over what was started under this name.
    pub(crate) fn take(&self, name: &str) -> Option<Started> {
        self.lock().started.remove(name)
    }

    /// An interval.
    pub(crate) fn ticks(&self, name: &str) -> Option<Ticks> {
        self.lock().intervals.get(name).copied()
    }

    /// Makes an interval, or moves it on.
    pub(crate) fn set_ticks(&self, name: &str, ticks: Ticks) {
        self.lock().intervals.insert(name.to_owned(), ticks);
    }

    /// Keeps the receiver of a broadcast.
    pub(crate) fn keep_receiver(&self, of: ChannelId, receiver: Receiver<Value>) {
        let before = self.lock().receivers.insert(of, receiver);
        drop(before);
    }

    /// Hands over the receiver of a broadcast.
    pub(crate) fn take_receiver(&self, of: ChannelId) -> Option<Receiver<Value>> {
        self.lock().receivers.remove(&of)
    }

    /// Leaves the call with a result.
    pub(crate) fn set_result(&self, value: Value) {
        self.lock().result = Some(value);
    }

    /// What the call returned.
    pub(crate) fn result(&self) -> Value {
        self.lock().result.take().unwrap_or_else(nothing)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock()
    }
}
