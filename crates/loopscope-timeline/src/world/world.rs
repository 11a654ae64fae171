//! The state of everything at one moment.

use std::collections::{BTreeSet, VecDeque};

use crate::world::pools::{Beats, OtherPool, Pool};
use crate::world::shared::Shared;
use crate::world::state::State;
use crate::world::vector::Shelf;
use loopscope_trace::{
    Actor, BlockKind, ClientId, EndReason, FunctionId, JobId, Nanos, Outcome, ProcessId, RequestId,
    StepId, TaskId, TaskRole, TextId, ThreadId, ThreadRole, WaitOn, WakeCause,
};

/// Everything at one moment. Lists are indexed by the dense ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct World {
    /// The moment.
    pub now: Nanos,
    /// How many events have been applied.
    pub applied: usize,
    /// All tasks so far, ended ones included.
    pub tasks: Shelf<Task>,
    /// All jobs so far.
    pub jobs: Shelf<Job>,
    /// All requests so far.
    pub requests: Shelf<Request>,
    /// All threads so far.
    pub threads: Vec<Thread>,
    /// Tasks that could run, in the order in which they became ready (overdue ones not included).
    pub ready: VecDeque<TaskId>,
    /// Tasks whose timer has run out unnoticed, in the order in which that happened.
    pub overdue: VecDeque<TaskId>,
    /// Requests in the backlog, in order of arrival.
    pub backlog: VecDeque<RequestId>,
    /// Jobs that are queued because all threads of the pool are taken, in order.
    pub job_queue: VecDeque<JobId>,
    /// Jobs for which a thread is free that has not begun them yet, in order.
    pub(crate) job_starting: VecDeque<JobId>,
    /// Jobs that the last event moved without naming them.
    pub(crate) moved: Vec<JobId>,
    /// The default pool.
    pub pool: Pool,
    /// The story's own pools, in its order.
    pub pools: Vec<OtherPool>,
    /// The pool of child processes.
    pub children: OtherPool,
    /// What actors share.
    pub shared: Shared,
    /// The heartbeat.
    pub beats: Beats,
    /// The heartbeats of further loops.
    pub more_beats: Vec<Beats>,
    /// How many lines have been printed.
    pub outputs: usize,
    /// Lost events so far.
    pub dropped: u64,
    /// Events that arrived too late for their place in the order so far.
    pub late: u64,
    /// The server is being stopped; politely, or else by an interrupt.
    pub stopping: Option<bool>,
    /// Transitions that the table does not allow (for `doctor` and the status line).
    pub problems: u32,
    /// The run's end, once it has ended.
    pub ended: Option<EndReason>,
    /// When the timers of waiting tasks run out.
    pub(crate) timers: BTreeSet<(Nanos, TaskId)>,
    /// Tasks that a lost event could concern; those that have ended are taken out when it happens.
    pub(crate) known: Vec<TaskId>,
    /// Tasks that the last loss made unknown.
    pub(crate) forgotten: Vec<TaskId>,
}

impl World {
    /// The task behind `id`.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.get(id.index())
    }

    /// The job behind `id`.
    pub fn job(&self, id: JobId) -> Option<&Job> {
        self.jobs.get(id.index())
    }

    /// The request behind `id`.
    pub fn request(&self, id: RequestId) -> Option<&Request> {
        self.requests.get(id.index())
    }

    /// The thread behind `id`.
    pub fn thread(&self, id: ThreadId) -> Option<&Thread> {
        self.threads.get(id.index())
    }

    /// The threads that poll tasks, in order of appearance.
    pub fn loops(&self) -> impl Iterator<Item = &Thread> {
        self.threads
            .iter()
            .filter(|thread| thread.role == ThreadRole::Loop)
    }

    /// The thread that an actor is on, or was on last if it is a job.
    pub fn thread_of(&self, actor: Actor) -> Option<ThreadId> {
        match actor {
            Actor::Task(id) => self.task(id)?.thread,
            Actor::Job(id) => self.job(id)?.thread,
        }
    }

    /// The step that an actor is in.
    pub fn step_of(&self, actor: Actor) -> Option<StepId> {
        match actor {
            Actor::Task(id) => self.task(id)?.step,
            Actor::Job(id) => self.job(id)?.step,
        }
    }
}

/// A task at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// What it is for.
    pub role: TaskRole,
    /// Its name: `tab 1 /ping`.
    pub name: TextId,
    /// Who spawned it.
    pub parent: Option<TaskId>,
    /// The function that it runs.
    pub function: Option<FunctionId>,
    /// What tokio-console calls it, where it could attach.
    pub tokio: Option<u64>,
    /// The request that it serves.
    pub request: Option<RequestId>,
    /// The job that it awaits, or whose dispatch it is.
    pub job: Option<JobId>,
    /// What it is doing.
    pub state: State,
    /// Since when.
    pub since: Nanos,
    /// The step that it is in.
    pub step: Option<StepId>,
    /// What it waits for, while it waits and it is no timer.
    pub waits_on: Option<WaitOn>,
    /// When its timer runs out, while it waits for one (kept while overdue).
    pub deadline: Option<Nanos>,
    /// Who made it ready last.
    pub woken_by: Option<WakeCause>,
    /// The event that made it ready last; its spawn, if nothing has since.
    pub woken: Option<Wake>,
    /// The thread that polls it now.
    pub thread: Option<ThreadId>,
    /// The only loop that can run it, where there is more than one.
    pub home: Option<ThreadId>,
    /// When it was spawned.
    pub spawned: Nanos,
    /// When it was first polled.
    pub started: Option<Nanos>,
    /// When it ended.
    pub ended: Option<Nanos>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Finished turns, and the one that goes on.
    pub polls: u32,
    /// The thread is held by a block or a computation of this kind, since this moment.
    pub blocking: Option<(BlockKind, Nanos)>,
    /// It was woken during its own turn, so it is ready when that ends.
    pub(crate) again: bool,
    /// When it last stopped at an await; being overdue does not change it.
    pub(crate) stopped: Nanos,
}

/// What made a task ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wake {
    /// The place of the event in the trace.
    pub event: usize,
    /// The step in which the task or job that did it was.
    pub step: Option<StepId>,
}

/// A job at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Who awaits it or left it running.
    pub parent: Option<TaskId>,
    /// The pool that it is for, numbered as in the trace.
    pub pool: u16,
    /// Its name.
    pub name: TextId,
    /// Queued, Ready, OnPool, Done, Cancelled, Panicked or Unknown.
    pub state: State,
    /// Since when.
    pub since: Nanos,
    /// The step that it is in.
    pub step: Option<StepId>,
    /// The pool thread that has it.
    pub thread: Option<ThreadId>,
    /// When it was queued.
    pub queued: Nanos,
    /// When a thread took it.
    pub started: Option<Nanos>,
    /// When it ended.
    pub ended: Option<Nanos>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// It is inside a block or a computation of this kind, since this moment.
    pub blocking: Option<(BlockKind, Nanos)>,
}

/// A request at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Who sent it.
    pub client: ClientId,
    /// Where to.
    pub route: TextId,
    /// It was sent by a key on the stage.
    pub live: bool,
    /// When it was put at the door.
    pub sent: Nanos,
    /// When the accept task let it in.
    pub accepted: Option<Nanos>,
    /// The task that serves it.
    pub task: Option<TaskId>,
    /// When it was answered.
    pub answered: Option<Nanos>,
    /// The answer.
    pub response: Option<TextId>,
    /// How many pieces of a streamed answer have gone out.
    pub chunks: u32,
    /// When the client gave up.
    pub given_up: Option<Nanos>,
}

/// A thread at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// Its id.
    pub id: ThreadId,
    /// What it is for.
    pub role: ThreadRole,
    /// `loop`, `pool-1` …
    pub name: TextId,
    /// The child process that it belongs to.
    pub process: Option<ProcessId>,
    /// Whose turn it is on this thread.
    pub doing: Option<Doing>,
    /// It sleeps because nothing is to be done.
    pub parked: bool,
    /// It has ended.
    pub ended: bool,
    /// Busy time so far, finished turns only.
    pub busy: Nanos,
}

/// What a thread is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Doing {
    /// Whose turn it is.
    pub actor: Actor,
    /// Since when.
    pub since: Nanos,
    /// How the thread is held, and since when; `None` while it runs plainly.
    pub blocking: Option<(BlockKind, Nanos)>,
}
