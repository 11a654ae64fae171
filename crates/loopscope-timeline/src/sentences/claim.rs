//! What a caption says of its moment, as data: the sentence is made from it, and can be held against the world.

use crate::findings::log::finding::Link;
use loopscope_trace::{
    Actor, BlockKind, JobId, LockId, Nanos, RequestId, StepId, TaskId, ThreadId,
};

/// One thing that a caption says of its moment. A flag or a list that says nothing is not claimed.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// Each of these waits for the next one, and the last for the first.
    Circle(Vec<Link>),
    /// An actor holds a loop's thread by a block or a computation, and is in this step.
    Holds {
        /// Who.
        actor: Actor,
        /// Which loop.
        thread: ThreadId,
        /// Where in the listing.
        step: Option<StepId>,
        /// From where in the user's own files the step was called, where the call stack was seen.
        from: Option<StepId>,
        /// There is no other loop.
        only: bool,
    },
    /// What helps against a loop that is held in this way.
    Helps {
        /// How.
        kind: BlockKind,
        /// At which place.
        step: Option<StepId>,
    },
    /// These, and no others, are in the backlog, and the held loop cannot let them in.
    KeptOut(Vec<RequestId>),
    /// The timers of these, and of no others but a framework's own, have run out unnoticed: the loop is held.
    Unnoticed(Vec<TaskId>),
    /// These, and no others of the story, are ready, and cannot run: the loop is held.
    CannotRun(Vec<TaskId>),
    /// All threads of the default pool are taken; these jobs, and no others, are queued for one.
    FullPool {
        /// How many threads it has.
        threads: u32,
        /// The step that all jobs on its threads are in.
        step: Option<StepId>,
        /// Who is queued.
        queued: Vec<JobId>,
    },
    /// A task has a turn on a loop, and holds it by no block.
    Runs {
        /// Which.
        task: TaskId,
        /// On which loop.
        thread: ThreadId,
        /// What it does with its turn.
        does: Does,
    },
    /// These, and no others, are ready.
    Ready(Vec<TaskId>),
    /// The timers of these tasks of the story have run out, and the loop has not noticed yet.
    Overdue(Vec<TaskId>),
    /// These, and no others, are in the backlog.
    Backlog {
        /// Which.
        requests: Vec<RequestId>,
        /// There is an accept task that will let them in.
        accept: bool,
    },
    /// These, and no others, are on pool threads.
    OnPool {
        /// Who.
        actors: Vec<Actor>,
        /// The step that all of them are in.
        step: Option<StepId>,
    },
    /// A pool thread is free for these jobs, and has not begun them yet.
    Starting(Vec<JobId>),
    /// A thread has CPython's lock, and so many others want it.
    HasGil {
        /// Who has it.
        thread: ThreadId,
        /// How many want it.
        waiters: usize,
    },
    /// Jobs run in child processes.
    InProcesses {
        /// On which thread, and which.
        jobs: Vec<(ThreadId, Actor)>,
        /// The step that all of them are in.
        step: Option<StepId>,
        /// How many processes these are.
        processes: usize,
    },
    /// Some have a lock, one unless it admits more, and these, and no others, want it.
    HasLock {
        /// Which lock.
        lock: LockId,
        /// Who has it.
        owners: Vec<Actor>,
        /// Who wants it.
        waiters: Vec<Actor>,
    },
    /// These, and no others of the story, are waiting at an await.
    Waiting {
        /// Which.
        tasks: Vec<TaskId>,
        /// The step that all of them are in.
        step: Option<StepId>,
    },
    /// These coroutines, and no others, exist and were not started.
    Created(Vec<TaskId>),
    /// So many of the requests that were sent have been answered, and so many were given up
    /// unanswered.
    Answered {
        /// Answered ones.
        answered: usize,
        /// All that were sent.
        sent: usize,
        /// Those of which the client has given up.
        given_up: usize,
    },
    /// Tasks or jobs were started, and all of them have ended.
    AllEnded,
    /// No request was sent, and nothing of the story was started.
    NothingAsked,
    /// No task has the thread of any loop.
    Free {
        /// How many loops there are.
        loops: usize,
        /// They let requests in.
        lets_in: bool,
        /// No heartbeat is late.
        beats: bool,
        /// The pool has no thread left.
        pool_is_full: bool,
    },
}

impl Claim {
    /// A heartbeat that wants the loop for less is not late.
    pub const NOT_LATE: Nanos = Nanos::from_millis(5);
}

/// What a task does with its turn.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// It is in this step.
    Step(Option<StepId>),
    /// It lets in these, which are all that are in the backlog.
    LetsIn(Vec<RequestId>),
    /// It hands a plain function to the pool.
    HandsOver,
    /// Its job on the pool has ended.
    TakesBack,
    /// It beats.
    Beats,
}
