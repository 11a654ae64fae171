//! What all threads and tasks of a run share.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::{fs, io};

use loopscope_probe::metrics::{Meter, Sampler};
use loopscope_probe::{Announcement, Recorder, TaskCell, spawn};
use loopscope_trace::{ClientId, EndReason, FunctionId, PoolId, StepId, TextId, ThreadId};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::engine::children::pool::Children;
use crate::engine::clock::gil::{self, Gil};
use crate::engine::clock::host::Host;
use crate::engine::clock::host::polled;
use crate::engine::clock::participants::Signal;
use crate::engine::clock::virtual_clock::VirtualClock;
use crate::engine::state::budget::{Budget, LAUNCH};
use crate::engine::state::listed::Listed;
use crate::engine::state::open::{OpenCount, Stopping};
use crate::engine::state::semantics::Semantics;
use crate::engine::state::shared_values::SharedValues;
use crate::engine::state::unwoken::{Unwoken, telling};
use crate::scenario::model::expression::Value;
use crate::scenario::model::scenario::{Function, Scenario, all_steps};
use crate::scenario::model::step::Action;

static FILES: AtomicU32 = AtomicU32::new(0);

/// The files of a run, by size; gone when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Files {
    paths: HashMap<u64, PathBuf>,
}

impl Files {
    /// Writes a file of each size that the scenario reads.
    pub(crate) fn write(scenario: &Scenario) -> io::Result<Self> {
        let mut files = Self::default();
        for step in all_steps(&scenario.functions) {
            if let Action::ReadFile(size) = step.action
                && !files.paths.contains_key(&size)
            {
                let number = FILES.fetch_add(1, Ordering::Relaxed);
                let name = format!("loopscope-{}-{number}.upload", std::process::id());
                let path = std::env::temp_dir().join(name);
                // Kept first, so that a file that could not be filled is removed as well.
                files.paths.insert(size, path.clone());
                let bytes = usize::try_from(size).unwrap_or(usize::MAX);
                fs::write(path, vec![b'.'; bytes])?;
            }
        }
        Ok(files)
    }

    /// Where the upload of this size lies.
    pub(crate) fn path(&self, size: u64) -> Option<PathBuf> {
        self.paths.get(&size).cloned()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for path in self.paths.values() {
            // It is the system's directory for what is left behind.
            let _ = fs::remove_file(path);
        }
    }
}

/// The texts of the scenario, interned before the run.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    steps: Vec<TextId>,
    null: TextId,
}

impl Texts {
    pub(crate) fn new(scenario: &Scenario, recorder: &Recorder) -> Self {
        let null = recorder.intern("null");
        let places = all_steps(&scenario.functions).map(|step| step.id.index() + 1);
        let mut steps = vec![null; places.max().unwrap_or(0)];
        for step in all_steps(&scenario.functions) {
            if let Action::Print(text)
            | Action::Respond(text)
            | Action::Raise(text)
            | Action::Chunk(text) = &step.action
                && let (Some(text), Some(place)) = (text.words(), steps.get_mut(step.id.index()))
            {
                *place = recorder.intern(text);
            }
        }
        Self { steps, null }
    }

    /// What a step prints or answers.
    pub(crate) fn of(&self, step: StepId) -> TextId {
        self.steps.get(step.index()).copied().unwrap_or(self.null)
    }

    /// The answer of a function that does not respond.
    pub(crate) const fn null(&self) -> TextId {
        self.null
    }
}

/// The scenario, the recorder, the host and the runtime of one run.
pub(crate) struct RunState {
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) semantics: Semantics,
    pub(crate) recorder: Recorder,
    pub(crate) host: Box<dyn Host>,
    /// The first loop's runtime, which has the default pool.
    pub(crate) runtime: Handle,
    /// All loops, the first one in front.
    pub(crate) loops: Vec<Loop>,
    /// The pools besides the default one, in file order.
    pub(crate) pools: Vec<Handle>,
    /// What the functions of this process share.
    pub(crate) values: SharedValues,
    pub(crate) files: Files,
    pub(crate) stopping: Arc<Stopping>,
    pub(crate) halt: Arc<Signal>,
    pub(crate) budget: Budget,
    pub(crate) open: OpenCount,
    /// Programs that are still to begin.
    pub(crate) pending: OpenCount,
    pub(crate) texts: Texts,
    pub(crate) listed: Listed,
    /// The pool of child processes, where the scenario has one.
    pub(crate) children: Option<Arc<Children>>,
    /// Whose turn it is, where time is computed.
    pub(crate) clock: Option<Arc<VirtualClock>>,
    /// CPython's lock, where the scenario has it.
    pub(crate) gil: Option<Arc<Gil>>,
    /// Scenario seconds in a wall second.
    pub(crate) speed: f64,
    /// One a function, where metrics were asked for; else none.
    pub(crate) meters: Vec<Meter>,
}

/// A loop of the run.
#[derive(Debug)]
pub(crate) struct Loop {
    pub(crate) handle: Handle,
    /// Its thread, where there is one loop a thread and more than one loop.
    pub(crate) thread: OnceLock<ThreadId>,
    /// What it was not told of, where the scenario has a thread that does not tell.
    pub(crate) unwoken: Option<Arc<Unwoken>>,
}

impl Loop {
    pub(crate) const fn new(handle: Handle, unwoken: Option<Arc<Unwoken>>) -> Self {
        Self {
            handle,
            thread: OnceLock::new(),
            unwoken,
        }
    }

    /// The run is over: what it was not told of does not go on any more.
    pub(crate) fn forget(&self) {
        if let Some(unwoken) = &self.unwoken {
            unwoken.forget();
        }
    }
}

impl RunState {
    /// Counts a task or a job that begins.
    pub(crate) fn launched(&self) {
        self.budget.launch();
        if let Some(clock) = &self.clock {
            self.budget.steps(clock.now(), LAUNCH);
        }
    }

    /// Counts a step; false where the run is over, or was until this one.
    pub(crate) fn goes_on(&self) -> bool {
        if let Some(clock) = &self.clock {
            self.budget.steps(clock.now(), 1);
        }
        let over = self.budget.over();
        if let (Some(reason), Some(clock)) = (over, &self.clock) {
            clock.stop(reason);
        }
        over.is_none() && !self.halt.given()
    }

    /// The function behind an id that the scenario has checked.
    pub(crate) fn function(&self, id: FunctionId) -> Option<&Function> {
        self.scenario.functions.get(id.index())
    }

    /// What an error says, as a value.
    pub(crate) fn error(&self, says: TextId) -> Value {
        Value::Text(self.recorder.text(says).unwrap_or_default())
    }

    /// A pool's runtime: the default one's where none is named.
    pub(crate) fn pool(&self, pool: Option<PoolId>) -> &Handle {
        let named = pool.and_then(|pool| self.pools.get(pool.index()));
        named.unwrap_or(&self.runtime)
    }

    /// The thread of a loop, where there are several loops.
    pub(crate) fn thread_of(&self, on: usize) -> ThreadId {
        let known = self.loops.get(on).and_then(|own| own.thread.get());
        known.copied().unwrap_or(ThreadId::NONE)
    }

    /// What looks at the runtime's own counts.
    pub(crate) fn sampler(&self) -> Sampler {
        Sampler::new(&self.runtime, self.meters.clone(), self.speed)
    }

    /// Puts a function on the loop at `on`, measured where that was asked for; where it was not, nothing
    /// stands between its future and the recorder's.
    pub(crate) fn spawn<F>(
        &self,
        function: FunctionId,
        on: usize,
        mut announcement: Announcement,
        name: &str,
        make: impl FnOnce(Arc<TaskCell>) -> F,
    ) -> (Arc<TaskCell>, JoinHandle<F::Output>)
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let recorder = &self.recorder;
        let runtime = self.loops.get(on).map_or(&self.runtime, |own| &own.handle);
        announcement.on = self.thread_of(on);
        let gil = self.gil.clone();
        let own = self.loops.get(on).and_then(|own| own.unwoken.clone());
        if let Some(unwoken) = &own {
            // What another thread gives it to do wakes it.
            unwoken.goes_on();
        }
        match (self.meters.get(function.index()), gil, own) {
            (None, None, None) => spawn(recorder, runtime, announcement, name, make),
            (None, gil, own) => spawn(recorder, runtime, announcement, name, |me| {
                polled(gil, telling(own, make(me)))
            }),
            (Some(meter), gil, own) => spawn(recorder, runtime, announcement, name, |me| {
                polled(gil, telling(own, meter.measure(make(me))))
            }),
        }
    }

    /// Who asks first in the file, and for what.
    pub(crate) fn first_planned(&self) -> Option<(ClientId, FunctionId)> {
        let first = self.scenario.story.planned.first()?;
        Some((first.client, first.function))
    }

    /// How the story has ended.
    pub(crate) fn ended(&self) -> Option<EndReason> {
        self.stopping.ended(self.open.get(), self.pending.get())
    }

    /// Says how the end of the story is seen, where time is computed.
    pub(crate) fn tell_its_end(&self) {
        if let Some(clock) = &self.clock {
            let (open, pending) = (self.open.clone(), self.pending.clone());
            let stopping = Arc::clone(&self.stopping);
            clock.ends_when(move || stopping.ended(open.get(), pending.get()));
        }
    }

    /// Whether a job that no thread has taken yet is dropped: where a program ends, tokio does that. Python's
    /// pools work off what is queued.
    pub(crate) fn drops_queued(&self) -> bool {
        self.semantics == Semantics::Tokio && self.stopping.has_main_returned()
    }

    /// Does something that CPython does without its lock: waiting for a thread's lock, for
    /// another loop's task, for a file.
    pub(crate) fn without_gil<T>(&self, wait: impl FnOnce() -> T) -> T {
        gil::without(self.gil.as_deref(), wait)
    }

    /// Reads or writes a socket: CPython lets go of its lock for it.
    pub(crate) fn system_call(&self) {
        if let Some(gil) = &self.gil {
            gil.system_call();
        }
    }
}
