//! What everybody who plays in a run shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::gil::{self, Gil};
use super::host::Host;
use super::process::Children;
use super::signal::Signal;
use crate::probe::metrics::{Meter, Sampler};
use crate::probe::{Announcement, Recorder, TaskCell, spawn};
use crate::scenario::{Action, Function, Scenario, Step};
use crate::trace::{FunctionId, StepId, TextId};

/// The scenario, the recorder, the host and the runtime of one run.
pub(super) struct Stage {
    pub(super) scenario: Arc<Scenario>,
    pub(super) recorder: Recorder,
    pub(super) host: Box<dyn Host>,
    pub(super) runtime: Handle,
    pub(super) halt: Arc<Signal>,
    pub(super) open: OpenCount,
    pub(super) texts: Texts,
    /// The pool of child processes, where the scenario has one.
    pub(super) children: Option<Arc<Children>>,
    /// CPython's lock, where the scenario has it.
    pub(super) gil: Option<Arc<Gil>>,
    /// Scenario seconds in a wall second.
    pub(super) speed: f64,
    /// One a function, where metrics were asked for; else none.
    pub(super) meters: Vec<Meter>,
}

impl Stage {
    /// The function behind an id that the scenario has checked.
    pub(super) fn function(&self, id: FunctionId) -> Option<&Function> {
        self.scenario.functions.get(id.index())
    }

    /// What looks at the runtime's own counts.
    pub(super) fn sampler(&self) -> Sampler {
        Sampler::new(&self.runtime, self.meters.clone(), self.speed)
    }

    /// Puts a function on the loop, measured where that was asked for; where it was not, nothing
    /// stands between its future and the recorder's.
    pub(super) fn spawn<F>(
        &self,
        function: FunctionId,
        announcement: Announcement,
        name: &str,
        make: impl FnOnce(Arc<TaskCell>) -> F,
    ) -> (Arc<TaskCell>, JoinHandle<F::Output>)
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (recorder, runtime) = (&self.recorder, &self.runtime);
        let gil = self.gil.clone();
        match (self.meters.get(function.index()), gil) {
            (None, None) => spawn(recorder, runtime, announcement, name, make),
            (None, gil) => spawn(recorder, runtime, announcement, name, |me| {
                gil::polled(gil, make(me))
            }),
            (Some(meter), gil) => spawn(recorder, runtime, announcement, name, |me| {
                gil::polled(gil, meter.measure(make(me)))
            }),
        }
    }

    /// Does something that CPython does without its lock: waiting for a thread's lock, for
    /// another loop's task, for a file.
    pub(super) fn without_gil<T>(&self, wait: impl FnOnce() -> T) -> T {
        match &self.gil {
            Some(gil) => gil.without(wait),
            None => wait(),
        }
    }
}

/// Counts what the story has begun and not ended.
#[derive(Clone, Debug, Default)]
pub(super) struct OpenCount(Arc<AtomicUsize>);

impl OpenCount {
    /// One more, until it is dropped.
    pub(super) fn begin(&self) -> Open {
        self.0.fetch_add(1, Ordering::AcqRel);
        Open(Arc::clone(&self.0))
    }

    /// How many.
    pub(super) fn get(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

/// Something that the story has begun; ends when it is dropped.
#[derive(Debug)]
pub(super) struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The texts of the scenario, interned before the run.
#[derive(Debug, Default)]
pub(super) struct Texts {
    steps: Vec<TextId>,
    null: TextId,
}

impl Texts {
    pub(super) fn new(scenario: &Scenario, recorder: &Recorder) -> Self {
        let mut texts = Self {
            steps: Vec::new(),
            null: recorder.intern("null"),
        };
        for function in &scenario.functions {
            texts.visit(&function.body, recorder);
        }
        texts
    }

    /// What a step prints or answers.
    pub(super) fn of(&self, step: StepId) -> TextId {
        self.steps.get(step.index()).copied().unwrap_or(self.null)
    }

    /// The answer of a function that does not respond.
    pub(super) const fn null(&self) -> TextId {
        self.null
    }

    fn visit(&mut self, body: &[Step], recorder: &Recorder) {
        for step in body {
            match &step.action {
                Action::Print(text) | Action::Respond(text) => {
                    let Some(text) = text.words() else {
                        continue;
                    };
                    let place = step.id.index();
                    if self.steps.len() <= place {
                        self.steps.resize(place + 1, self.null);
                    }
                    self.steps[place] = recorder.intern(text);
                }
                action => {
                    for body in action.bodies() {
                        self.visit(body, recorder);
                    }
                }
            }
        }
    }
}
