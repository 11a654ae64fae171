//! What a world lists: tasks, jobs, requests, threads, heartbeats.

use crate::world::state::State;
use loopscope_trace::{
    Actor, BlockKind, ClientId, FunctionId, JobId, Nanos, Outcome, ProcessId, RequestId, StepId,
    TaskId, TaskRole, TextId, ThreadId, ThreadRole, WaitOn, WakeCause,
};

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
    /// When it was sent.
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
    /// What the machine lacked to bring it to the server.
    pub refused: Option<TextId>,
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

impl Doing {
    pub(crate) fn new(actor: Actor, since: Nanos) -> Self {
        Self {
            actor,
            since,
            blocking: None,
        }
    }
}

impl Thread {
    pub(crate) fn new(id: ThreadId) -> Self {
        Self {
            id,
            role: ThreadRole::Loop,
            name: TextId::NONE,
            process: None,
            doing: None,
            parked: false,
            ended: false,
            busy: Nanos::ZERO,
        }
    }

    /// The turn on this thread is over.
    pub(crate) fn stop(&mut self, now: Nanos) {
        if let Some(doing) = self.doing.take() {
            self.busy += now.since(doing.since);
        }
    }
}

impl Task {
    pub(crate) fn new(id: TaskId, now: Nanos) -> Self {
        Self {
            id,
            role: TaskRole::Spawned,
            name: TextId::NONE,
            parent: None,
            function: None,
            tokio: None,
            request: None,
            job: None,
            state: State::Unknown,
            since: now,
            step: None,
            waits_on: None,
            deadline: None,
            woken_by: None,
            woken: None,
            thread: None,
            home: None,
            spawned: now,
            started: None,
            ended: None,
            outcome: None,
            polls: 0,
            blocking: None,
            again: false,
            stopped: now,
        }
    }
}

impl Job {
    pub(crate) fn new(id: JobId, now: Nanos) -> Self {
        Self {
            id,
            parent: None,
            pool: 0,
            name: TextId::NONE,
            state: State::Unknown,
            since: now,
            step: None,
            thread: None,
            queued: now,
            started: None,
            ended: None,
            outcome: None,
            blocking: None,
        }
    }
}

impl Request {
    pub(crate) fn new(id: RequestId, now: Nanos) -> Self {
        Self {
            id,
            client: ClientId(0),
            route: TextId::NONE,
            live: false,
            sent: now,
            accepted: None,
            task: None,
            answered: None,
            response: None,
            chunks: 0,
            given_up: None,
            refused: None,
        }
    }
}

/// The heartbeat at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beats {
    /// Whose ticks.
    pub task: Option<TaskId>,
    /// Ticks so far.
    pub seen: u32,
    /// The last tick.
    pub last: Option<Nanos>,
    /// The longest time between two ticks, or since the last one.
    pub longest_gap: Nanos,
}

impl Beats {
    pub(crate) fn tick(&mut self, task: TaskId, now: Nanos) {
        self.task = Some(task);
        self.seen = self.seen.saturating_add(1);
        self.last = Some(now);
    }

    /// Time has come to `now`.
    pub(crate) fn grow(&mut self, now: Nanos) {
        let gap = now.since(self.last.unwrap_or_default());
        self.longest_gap = self.longest_gap.max(gap);
    }
}
