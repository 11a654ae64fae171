//! What everybody who plays in a run shares.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::computed::World;
use super::files::Files;
use super::gil::{self, Gil};
use super::host::Host;
use super::process::Children;
use super::signal::Signal;
use super::state::State;
use super::stop::Stopping;
use crate::scenario::{Action, Function, Scenario, Step};
use loopscope_probe::metrics::{Meter, Sampler};
use loopscope_probe::{Announcement, Recorder, TaskCell, spawn};
use loopscope_trace::{ClientId, FunctionId, LoopId, PoolId, StepId, TextId, ThreadId};

/// The scenario, the recorder, the host and the runtime of one run.
pub(super) struct Stage {
    pub(super) scenario: Arc<Scenario>,
    pub(super) recorder: Recorder,
    pub(super) host: Box<dyn Host>,
    /// The first loop's runtime, which has the default pool.
    pub(super) runtime: Handle,
    /// All loops, the first one in front.
    pub(super) loops: Vec<Loop>,
    /// The pools besides the default one, in file order.
    pub(super) pools: Vec<Handle>,
    /// What the functions of this process share.
    pub(super) state: State,
    pub(super) files: Files,
    pub(super) stopping: Stopping,
    pub(super) halt: Arc<Signal>,
    pub(super) open: OpenCount,
    pub(super) texts: Texts,
    /// The pool of child processes, where the scenario has one.
    pub(super) children: Option<Arc<Children>>,
    /// Whose turn it is, where time is computed.
    pub(super) world: Option<Arc<World>>,
    /// CPython's lock, where the scenario has it.
    pub(super) gil: Option<Arc<Gil>>,
    /// Scenario seconds in a wall second.
    pub(super) speed: f64,
    /// One a function, where metrics were asked for; else none.
    pub(super) meters: Vec<Meter>,
}

/// A loop of the run.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) handle: Handle,
    /// Its thread, where there is one loop a thread and more than one loop.
    pub(super) thread: OnceLock<ThreadId>,
}

impl Loop {
    pub(super) const fn new(handle: Handle) -> Self {
        Self {
            handle,
            thread: OnceLock::new(),
        }
    }
}

/// The place of a further loop among all loops.
pub(super) const fn place(id: LoopId) -> usize {
    id.index() + 1
}

impl Stage {
    /// The function behind an id that the scenario has checked.
    pub(super) fn function(&self, id: FunctionId) -> Option<&Function> {
        self.scenario.functions.get(id.index())
    }

    /// A pool's runtime: the default one's unless told.
    pub(super) fn pool(&self, pool: Option<PoolId>) -> &Handle {
        let named = pool.and_then(|pool| self.pools.get(pool.index()));
        named.unwrap_or(&self.runtime)
    }

    /// The thread of a loop, where it must be told.
    pub(super) fn thread_of(&self, on: usize) -> ThreadId {
        let known = self.loops.get(on).and_then(|own| own.thread.get());
        known.copied().unwrap_or(ThreadId::NONE)
    }

    /// What looks at the runtime's own counts.
    pub(super) fn sampler(&self) -> Sampler {
        Sampler::new(&self.runtime, self.meters.clone(), self.speed)
    }

    /// Puts a function on the loop at `on`, measured where that was asked for; where it was not, nothing
    /// stands between its future and the recorder's.
    pub(super) fn spawn<F>(
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

    /// Who asks first in the file, and for what.
    pub(super) fn first_planned(&self) -> Option<(ClientId, FunctionId)> {
        let first = self.scenario.story.planned.first()?;
        Some((first.client, first.function))
    }

    /// Says how the end of the story is seen, where time is computed.
    pub(super) fn tell_its_end(&self) {
        if let Some(world) = &self.world {
            let (open, over) = (self.open.clone(), Arc::clone(&self.stopping.over));
            world.ends_when(move || open.get() == 0 || over.given());
        }
    }

    /// Does something that CPython does without its lock: waiting for a thread's lock, for
    /// another loop's task, for a file.
    pub(super) fn without_gil<T>(&self, wait: impl FnOnce() -> T) -> T {
        gil::without(self.gil.as_deref(), wait)
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

/// What keeps the run open for a task; not while the task waits for a value that only others can
/// send: they keep it open then.
#[derive(Debug)]
pub(super) struct Token {
    count: OpenCount,
    open: Mutex<Option<Open>>,
}

impl Token {
    pub(super) const fn new(count: OpenCount, open: Open) -> Self {
        Self {
            count,
            open: Mutex::new(Some(open)),
        }
    }

    /// Keeps nothing open until the answer is dropped.
    pub(super) fn rest(&self) -> Resting<'_> {
        self.put(None);
        Resting(self)
    }

    fn put(&self, open: Option<Open>) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = open;
    }
}

/// A task that rests.
pub(super) struct Resting<'a>(&'a Token);

impl Drop for Resting<'_> {
    fn drop(&mut self) {
        self.0.put(Some(self.0.count.begin()));
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
            if let Action::Print(text) | Action::Respond(text) | Action::Chunk(text) = &step.action
                && let Some(text) = text.words()
            {
                let place = step.id.index();
                if self.steps.len() <= place {
                    self.steps.resize(place + 1, self.null);
                }
                self.steps[place] = recorder.intern(text);
            }
            for inner in step.action.bodies() {
                self.visit(inner, recorder);
            }
        }
    }
}
