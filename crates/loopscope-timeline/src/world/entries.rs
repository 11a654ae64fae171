//! What a world lists: tasks, jobs, requests, threads, heartbeats.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, LazyLock};

use crate::world::later::{JobLater, Later, RequestLater, TaskLater};
use crate::world::state::State;
use loopscope_trace::{
    Actor, BlockKind, ClientId, FunctionId, JobId, Nanos, ProcessId, RequestId, StackId, StepId,
    TaskId, TaskRole, TextId, ThreadId, ThreadRole,
};

/// A task at one moment; what only later events tell of it is read as if it stood here.
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
    /// What it is doing.
    pub state: State,
    /// Since when.
    pub since: Nanos,
    /// The event that made it ready last; its spawn, if nothing has since.
    pub woken: Option<Wake>,
    /// When it was spawned.
    pub spawned: Nanos,
    pub(crate) later: Later<TaskLater>,
}

/// What made a task ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wake {
    /// The place of the event in the trace.
    pub event: u32,
    /// The step in which the task or job that did it was.
    pub step: Option<StepId>,
}

/// A job at one moment; what only later events tell of it is read as if it stood here.
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
    /// When it was queued.
    pub queued: Nanos,
    pub(crate) later: Later<JobLater>,
}

/// A request at one moment; what only later events tell of it is read as if it stood here.
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
    pub(crate) later: Later<RequestLater>,
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
    /// The call stack in which it was seen last, where the program is watched.
    pub stack: Option<StackId>,
}

impl Doing {
    pub(crate) fn new(actor: Actor, since: Nanos) -> Self {
        Self {
            actor,
            since,
            blocking: None,
            stack: None,
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
            state: State::Unknown,
            since: now,
            woken: None,
            spawned: now,
            later: Later::default(),
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
            queued: now,
            later: Later::default(),
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
            later: Later::default(),
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

/// Reads and writes what is told later as if it stood in the thing itself.
macro_rules! told_later {
    ($($thing:ident: $later:ident;)*) => {$(
        impl Deref for $thing {
            type Target = $later;

            fn deref(&self) -> &$later {
                static NOTHING: LazyLock<$later> = LazyLock::new($later::default);
                self.later.0.as_deref().unwrap_or_else(|| &NOTHING)
            }
        }

        impl DerefMut for $thing {
            fn deref_mut(&mut self) -> &mut $later {
                Arc::make_mut(self.later.0.get_or_insert_default())
            }
        }

        impl $thing {
            /// The bytes that one takes at most.
            pub(crate) const BYTES: usize = size_of::<Self>() + size_of::<$later>();
        }
    )*};
}

told_later! {
    Task: TaskLater;
    Job: JobLater;
    Request: RequestLater;
}
