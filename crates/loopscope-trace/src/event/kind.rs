//! The events: records of 24 bytes; their strings stand in a side table.
// One variant a kind of event: a table

use serde::{Deserialize, Serialize};

use crate::event::actor::{
    Actor, BlockKind, EndReason, Lapse, Notice, Outcome, TaskRole, ThreadRole, WaitOn, WakeCause,
};
use crate::event::metric::Metric;
use crate::ids::{
    ClientId, FunctionId, JobId, Nanos, ProcessId, RequestId, StackId, StepId, TaskId, TextId,
    ThreadId,
};
use crate::story::late::LateRow;

/// One thing that happened, and when.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Scenario time.
    pub at: Nanos,
    /// What happened.
    pub kind: EventKind,
}

const _: () = assert!(size_of::<Event>() == 24, "an event has at most 24 bytes");

/// What happened. Every id names a thing that an earlier event introduced, or a row of the story.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the sentence of a variant explains its fields")]
pub enum EventKind {
    /// A thread was seen for the first time.
    ThreadStarted {
        thread: ThreadId,
        role: ThreadRole,
        name: TextId,
    },
    /// A thread's last event.
    ThreadEnded { thread: ThreadId },
    /// A thread changed what it is for (`block_in_place` hands a loop over).
    RoleChanged { thread: ThreadId, role: ThreadRole },
    /// A loop's thread has nothing to do and sleeps until something happens.
    Parked { thread: ThreadId },
    /// A loop's thread woke up.
    Unparked { thread: ThreadId },
    /// A task was spawned. It is ready from now on. `parent` and `function` may be NONE.
    TaskSpawned {
        task: TaskId,
        role: TaskRole,
        #[serde(default = "no_function", skip_serializing_if = "is_no_function")]
        function: u16,
        #[serde(default = "TaskId::none", skip_serializing_if = "TaskId::is_none")]
        parent: TaskId,
        name: TextId,
    },
    /// A loop began a turn of the task.
    PollStarted { task: TaskId, thread: ThreadId },
    /// The turn is over; the task is waiting, ready again, or has ended.
    PollEnded { task: TaskId, thread: ThreadId },
    /// The task may run again.
    Woken { task: TaskId, by: WakeCause },
    /// The task will never run again. In a last poll this precedes `PollEnded`, as in tokio.
    TaskEnded { task: TaskId, outcome: Outcome },
    /// A task or job entered a step; it stays in it until it enters the next.
    StepEntered { actor: Actor, step: StepId },
    /// The task is about to wait for a timer that runs out at `deadline`.
    WaitingTimer { task: TaskId, deadline: Nanos },
    /// The task is about to wait for something that is no timer.
    Waiting { task: TaskId, on: WaitOn },
    /// A task or job holds its thread without giving it back.
    BlockStarted {
        actor: Actor,
        thread: ThreadId,
        kind: BlockKind,
    },
    /// It has let go.
    BlockEnded { actor: Actor, thread: ThreadId },
    /// Work was handed by `parent` to a pool: 0 is the default one, n the nth of the story's own,
    /// [`EventKind::PROCESS_POOL`] that of child processes.
    JobQueued {
        job: JobId,
        #[serde(default = "TaskId::none", skip_serializing_if = "TaskId::is_none")]
        parent: TaskId,
        name: TextId,
        #[serde(default, skip_serializing_if = "is_zero")]
        pool: u16,
    },
    /// A pool thread took the job.
    JobStarted { job: JobId, thread: ThreadId },
    /// The job is over: completed, panicked, or cancelled before it started.
    JobEnded { job: JobId, outcome: Outcome },
    /// A line of output.
    Output { actor: Actor, text: TextId },
    /// A client sent a request. `live`: by a key on the stage, not by the scenario.
    RequestSent {
        request: RequestId,
        client: ClientId,
        route: TextId,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        live: bool,
    },
    /// The accept task let the request in; `task` serves it from now on.
    RequestAccepted { request: RequestId, task: TaskId },
    /// The response went out; `status` is that of HTTP, 0 where it is not known.
    RequestAnswered {
        request: RequestId,
        text: TextId,
        #[serde(default, skip_serializing_if = "is_zero")]
        status: u16,
    },
    /// What a request asks for became known only now: until then it was a connection that waited.
    RequestNamed { request: RequestId, route: TextId },
    /// The client stopped waiting.
    RequestGivenUp { request: RequestId },
    /// The machine had no means left to bring it to the server; the text says which.
    RequestRefused { request: RequestId, text: TextId },
    /// One tick of the heartbeat.
    Beat { task: TaskId },
    /// A recorder lost `count` events of `thread` between `since` and this event's moment.
    Dropped {
        thread: ThreadId,
        count: u16,
        since: Nanos,
    },
    /// What tokio itself, and so tokio-console, calls the task.
    TaskAlias { task: TaskId, tokio: u64 },
    /// The runtime's own count, sampled from outside; told when it has changed since the sample
    /// before. `of` is a bucket's or a function's number.
    Metric {
        metric: Metric,
        #[serde(default, skip_serializing_if = "is_zero")]
        of: u16,
        value: u64,
    },
    /// The actor read a variable of the story; `value` is what it saw.
    VariableRead {
        actor: Actor,
        variable: u16,
        value: TextId,
    },
    /// The actor wrote a variable of the story.
    VariableWritten {
        actor: Actor,
        variable: u16,
        value: TextId,
    },
    /// A local or parameter of a function of the story got its value; none (NONE) once the call is over.
    /// `call` tells calls apart that the actor has open at once.
    LocalSet {
        actor: Actor,
        local: u16,
        #[serde(default, skip_serializing_if = "is_first")]
        call: u8,
        #[serde(default = "TextId::none", skip_serializing_if = "TextId::is_none")]
        value: TextId,
    },
    /// The actor asks for a lock of the story, to read where `reads`; it has it from `LockTaken` on.
    LockWanted {
        actor: Actor,
        lock: u16,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reads: bool,
    },
    /// The actor owns the lock, or a permit of it.
    LockTaken {
        actor: Actor,
        lock: u16,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reads: bool,
    },
    /// The actor has let go of the lock; or wants it no more, where it does not have it, or where `wanted`.
    LockReleased {
        actor: Actor,
        lock: u16,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        wanted: bool,
    },
    /// The actor put a value into a channel of the story.
    ChannelSent {
        actor: Actor,
        channel: u16,
        value: TextId,
    },
    /// The actor took a value out of a channel.
    ChannelReceived {
        actor: Actor,
        channel: u16,
        value: TextId,
    },
    /// Which loop the task runs on; told where there is more than one.
    TaskOnLoop { task: TaskId, thread: ThreadId },
    /// The actor, which holds its thread in a block of kind `Task`, waits there for `task`.
    BlockedOn { actor: Actor, task: TaskId },
    /// The timeout of `step` ran out: the actor goes on without what it waited for.
    TimedOut { actor: Actor, step: StepId },
    /// The actor was too slow a receiver of a channel that is a broadcast: it has lost so many values.
    Lagged {
        actor: Actor,
        channel: u16,
        count: u32,
    },
    /// The actor set, cleared or notified an event, which woke so many; `kept` where who waits later passes by it.
    Notified {
        actor: Actor,
        event: u16,
        how: Notice,
        woken: u16,
        kept: bool,
    },
    /// The actor waited for an event and goes on.
    EventPassed { actor: Actor, event: u16 },
    /// An interval gave the task a tick, which was due at `due`.
    Ticked { task: TaskId, due: Nanos },
    /// The actor keeps a future and does not poll it any more: it stands still until it is polled again.
    FutureLeft { actor: Actor, future: TaskId },
    /// The actor polls a future that it keeps, from now on or again.
    FuturePolled { actor: Actor, future: TaskId },
    /// The request's client printed a line.
    ClientPrinted { request: RequestId, text: TextId },
    /// A piece of a streamed answer went out.
    ResponseChunk { request: RequestId, text: TextId },
    /// A child process was started.
    ProcessStarted {
        process: ProcessId,
        pid: u32,
        name: TextId,
    },
    /// The thread belongs to a child process.
    ThreadOfProcess {
        thread: ThreadId,
        process: ProcessId,
    },
    /// A child process has ended: with an exit code, or, below zero, by a signal.
    ProcessEnded { process: ProcessId, status: i32 },
    /// The thread asks for CPython's lock (a model); it has it from `GilTaken` on.
    GilWanted { thread: ThreadId },
    /// The thread has CPython's lock.
    GilTaken { thread: ThreadId },
    /// The thread has let go of CPython's lock.
    GilReleased { thread: ThreadId },
    /// `count` events of `thread`, since `since`, arrived too late for their place in the order.
    Late {
        thread: ThreadId,
        count: u16,
        since: Nanos,
    },
    /// The server is being stopped: politely (SIGTERM), or by an interrupt, which waits for jobs.
    ServerStopping { polite: bool },
    /// What a task is called, and what it is for, became known only now. `function` may be NONE.
    TaskNamed {
        task: TaskId,
        role: TaskRole,
        #[serde(default = "no_function", skip_serializing_if = "is_no_function")]
        function: u16,
        name: TextId,
    },
    /// The actor, which holds its thread in a block, was seen in this call stack.
    Stack { actor: Actor, stack: StackId },
    /// A pool, numbered as in `JobQueued`, has so many threads at most; 0: not known.
    PoolResized { pool: u16, size: u32 },
    /// A process printed a line, and which task or job did is not known.
    ProcessPrinted { process: ProcessId, text: TextId },
    /// Something went wrong without an error that anyone gets; `task` may be NONE, the text says what and where.
    Lapsed {
        #[serde(default = "TaskId::none", skip_serializing_if = "TaskId::is_none")]
        task: TaskId,
        lapse: Lapse,
        text: TextId,
    },
    /// The actor raised an error of its own; the text is what it says.
    Raised { actor: Actor, text: TextId },
    /// The run is over; no event follows but those of its shutdown.
    RunEnded { reason: EndReason },
}

const fn no_function() -> u16 {
    EventKind::NO_FUNCTION
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
const fn is_no_function(function: &u16) -> bool {
    *function == EventKind::NO_FUNCTION
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
const fn is_zero(number: &u16) -> bool {
    *number == 0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
const fn is_first(call: &u8) -> bool {
    *call == 0
}

impl EventKind {
    /// Stands for "no function" in [`EventKind::TaskSpawned`].
    pub const NO_FUNCTION: u16 = u16::MAX;

    /// The pool of child processes in [`EventKind::JobQueued`].
    pub const PROCESS_POOL: u16 = u16::MAX;

    /// Stands for "not known how" in [`EventKind::ProcessEnded`].
    pub const STATUS_UNKNOWN: i32 = i32::MIN;

    /// The function of a [`EventKind::TaskSpawned`] or [`EventKind::TaskNamed`].
    pub fn function(self) -> Option<FunctionId> {
        match self {
            Self::TaskSpawned { function, .. } | Self::TaskNamed { function, .. }
                if function != Self::NO_FUNCTION =>
            {
                Some(FunctionId(function.into()))
            }
            _ => None,
        }
    }
}

/// What a run hands on every few milliseconds, or a recording at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Texts that were first used here, to be appended to the side table.
    pub texts: Vec<String>,
    /// Rows that are added to the story before these events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<LateRow>,
    /// Events in order, none before the last batch's `upto`.
    pub events: Vec<Event>,
    /// Nothing before this moment can still arrive.
    pub upto: Nanos,
}
