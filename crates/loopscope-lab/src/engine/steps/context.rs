//! Which task or job runs a body, on which loop, and for which request.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use loopscope_probe::{Boxed, TaskCell};
use loopscope_trace::{
    Actor, BlockKind, EventKind, FunctionId, JobId, Nanos, TaskId, WaitOn, WakeCause,
};

use crate::engine::state::incoming::Reply;
use crate::engine::state::open::{Open, Serving, Token};
use crate::engine::state::run_state::RunState;
use crate::engine::steps::cancel::{Awaited, Cancelled, Spawned};
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::{Flow, nothing};
use crate::engine::steps::locals::{self, Calls, OpenCall};
use crate::scenario::model::expression::{Call, Value};
use crate::scenario::model::step::{Step, Work};

/// Runs a body, step by step; the only one is `interpret::play`.
pub(crate) type Play = for<'a> fn(&'a Context, &'a [Step], &'a Frame) -> Boxed<'a, Flow>;

/// Whose body runs, and for which request.
pub(crate) struct Context {
    pub(crate) state: Arc<RunState>,
    runner: Runner,
    play: Play,
    /// What was cancelled with its task so far.
    pub(crate) cancelled: Cancelled,
    /// The calls that it has open.
    pub(crate) calls: Arc<Calls>,
    pub(crate) name: Arc<str>,
    pub(crate) reply: Option<Arc<Reply>>,
    /// The place of the loop that it runs on, or that its task runs on.
    pub(crate) on: usize,
    /// Keeps the run open; absent in a branch.
    pub(crate) token: Option<Token>,
    /// Holds up a stop of the server.
    pub(crate) serving: OnceLock<Serving>,
    /// Whether it stands still after each piece of an answer.
    pub(crate) streams: bool,
    /// Whether it stands still for the request that it was called for.
    pub(crate) yields: Arc<AtomicBool>,
}

/// A task or a job.
pub(crate) enum Runner {
    /// A task on a loop.
    Task(Arc<TaskCell>),
    /// A job on the pool, and the task that queued it. A generator is another job with each piece.
    Job(AtomicU32, TaskId),
}

impl Context {
    fn new(state: Arc<RunState>, runner: Runner, name: Arc<str>, play: Play) -> Self {
        Self {
            state,
            runner,
            play,
            cancelled: Cancelled::default(),
            calls: Arc::default(),
            name,
            reply: None,
            on: 0,
            token: None,
            serving: OnceLock::new(),
            streams: false,
            yields: Arc::default(),
        }
    }

    /// For a task on the loop at `on`, which keeps the run open.
    pub(crate) fn for_task(
        state: Arc<RunState>,
        cell: Arc<TaskCell>,
        name: &str,
        on: usize,
        open: Open,
        play: Play,
    ) -> Self {
        let token = Some(Token::new(state.open.clone(), open));
        Self {
            on,
            token,
            ..Self::new(state, Runner::Task(cell), name.into(), play)
        }
    }

    /// For a job that another process has queued, on this thread.
    pub(crate) fn for_process_job(
        state: Arc<RunState>,
        job: JobId,
        name: &str,
        play: Play,
    ) -> Self {
        let runner = Runner::Job(AtomicU32::new(job.0), TaskId::NONE);
        Self::new(state, runner, name.into(), play)
    }

    /// For a job that this one queues.
    pub(crate) fn for_job(&self, job: JobId) -> Self {
        self.alike(Runner::Job(AtomicU32::new(job.0), self.task()))
    }

    /// For a dependency of this request that is left open: on a thread where it is plain.
    pub(crate) fn for_dependency(&self, is_plain: bool) -> Self {
        match &self.runner {
            Runner::Task(cell) if !is_plain => self.alike(Runner::Task(Arc::clone(cell))),
            _ => self.for_job(JobId::NONE),
        }
    }

    /// One of several futures that this body polls side by side.
    pub(crate) fn branch(&self) -> Self {
        let runner = match &self.runner {
            Runner::Task(cell) => Runner::Task(cell.branch()),
            Runner::Job(job, parent) => {
                Runner::Job(AtomicU32::new(job.load(Ordering::Relaxed)), *parent)
            }
        };
        Self {
            calls: Arc::clone(&self.calls),
            ..self.alike(runner)
        }
    }

    fn alike(&self, runner: Runner) -> Self {
        let (state, name) = (Arc::clone(&self.state), Arc::clone(&self.name));
        Self {
            reply: self.reply.clone(),
            cancelled: Arc::clone(&self.cancelled),
            on: self.on,
            ..Self::new(state, runner, name, self.play)
        }
    }

    /// Runs a body.
    pub(crate) fn run<'a>(&'a self, body: &'a [Step], frame: &'a Frame) -> Boxed<'a, Flow> {
        (self.play)(self, body, frame)
    }

    /// Runs a function to its end, in place, and returns its result.
    pub(crate) fn call(&self, id: FunctionId, arguments: Vec<Value>) -> Boxed<'_, (Flow, Value)> {
        Box::pin(async move {
            let Some(function) = self.state.function(id) else {
                return (Flow::Continue, nothing());
            };
            let frame = Frame::new(id, &function.params, arguments);
            self.begin(&frame);
            let flow = self.run(&function.body, &frame).await.of_call();
            (flow, frame.result())
        })
    }

    /// Begins a call: tells what its locals hold.
    pub(crate) fn begin(&self, frame: &Frame) {
        let locals = frame.locals();
        let call = self.calls.open();
        let Some(call) = call.map(|call| frame.call.get_or_init(|| call)) else {
            return;
        };
        for (name, value) in locals {
            self.tell(call, frame.function, &name, &value);
        }
    }

    fn tell(&self, call: &OpenCall, function: FunctionId, name: &str, value: &Value) {
        let local = locals::place(&self.state.scenario.story, function, name);
        call.tell((&self.state.recorder, self.actor()), local, value);
    }

    /// Writes a local of a call.
    pub(crate) fn set(&self, frame: &Frame, name: &str, value: Value) {
        if let Some(call) = frame.call.get() {
            self.tell(call, frame.function, name, &value);
        }
        frame.set(name, value);
    }

    /// Writes a local of a call, where a name is given.
    pub(crate) fn put(&self, frame: &Frame, name: Option<&String>, value: Value) {
        if let Some(name) = name {
            self.set(frame, name, value);
        }
    }

    /// Does something that holds this thread, and records both ends.
    pub(crate) fn hold<T>(&self, kind: BlockKind, work: impl FnOnce() -> T) -> T {
        let recorder = &self.state.recorder;
        let (actor, thread) = (self.actor(), recorder.thread());
        recorder.record(EventKind::BlockStarted {
            actor,
            thread,
            kind,
        });
        let result = work();
        recorder.record(EventKind::BlockEnded { actor, thread });
        result
    }

    /// How to run a body of another task.
    pub(crate) const fn play(&self) -> Play {
        self.play
    }

    /// The name of a function that is called.
    pub(crate) fn name_of(&self, call: &Call) -> String {
        let function = self.state.function(call.function);
        function.map_or_else(|| "task".to_owned(), |function| function.name.clone())
    }

    /// The name of a job that does this work.
    pub(crate) fn name_of_job(&self, work: &Work) -> String {
        match work {
            Work::Function(call) => self.name_of(call),
            Work::Inline(_) => format!("{} job", self.name),
        }
    }

    /// The task's cell; a job has none.
    pub(crate) fn cell(&self) -> Option<&Arc<TaskCell>> {
        match &self.runner {
            Runner::Task(cell) => Some(cell),
            Runner::Job(..) => None,
        }
    }

    /// The next piece of a generator is another job; its task's own, without one.
    pub(crate) fn become_job(&self, id: JobId) {
        if let Runner::Job(job, _) = &self.runner {
            job.store(id.0, Ordering::Relaxed);
            self.calls.tell_again(&self.state.recorder, self.actor());
        }
    }

    /// The task or the job.
    pub(crate) fn actor(&self) -> Actor {
        match &self.runner {
            Runner::Task(cell) => Actor::Task(cell.id()),
            Runner::Job(job, parent) => match JobId(job.load(Ordering::Relaxed)) {
                JobId::NONE => Actor::Task(*parent),
                job => Actor::Job(job),
            },
        }
    }

    /// The task that runs this, or that queued the job that does.
    pub(crate) fn task(&self) -> TaskId {
        match &self.runner {
            Runner::Task(cell) => cell.id(),
            Runner::Job(_, parent) => *parent,
        }
    }

    /// This body as the cause of a wake.
    pub(crate) fn as_cause(&self) -> WakeCause {
        match self.actor() {
            Actor::Task(task) => WakeCause::Task(task),
            Actor::Job(job) => WakeCause::Job(job),
        }
    }

    /// Waits for a task, and cancels it with this body where `cancels`.
    pub(crate) fn awaits(&self, task: Spawned, cancels: bool) -> Awaited {
        let with = cancels.then(|| (self.as_cause(), Arc::clone(&self.cancelled)));
        Awaited::new(task, with)
    }

    /// Notes what the task waits for; a job does not wait at an await.
    pub(crate) fn waits_for(&self, on: WaitOn) {
        if let Some(cell) = self.cell() {
            cell.waits_for(on);
        }
    }

    /// Notes that the task waits for its timer.
    pub(crate) fn waits_for_timer(&self, deadline: Nanos) {
        if let Some(cell) = self.cell() {
            cell.waits_for_timer(deadline);
        }
    }

    /// Tells that it polls a future that it keeps.
    pub(crate) fn polls(&self, future: TaskId) {
        let actor = self.actor();
        let polled = EventKind::FuturePolled { actor, future };
        self.state.recorder.record(polled);
    }

    /// Tells that it keeps a future and does not poll it any more.
    pub(crate) fn leaves(&self, future: TaskId) {
        let actor = self.actor();
        let left = EventKind::FutureLeft { actor, future };
        self.state.recorder.record(left);
    }
}
