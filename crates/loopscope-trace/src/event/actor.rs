//! Who acts in an event, in which role, why, and with which outcome.

use serde::{Deserialize, Serialize};

use crate::ids::{ChannelId, JobId, LockId, NamedEventId, ProcessId, TaskId, TextId};

/// Who acts: a task on a loop, or a job on a thread of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A tokio task.
    Task(TaskId),
    /// Work on the pool.
    Job(JobId),
}

/// What a thread is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThreadRole {
    /// Polls tasks.
    Loop,
    /// Runs jobs.
    Pool,
    /// Plays all the clients.
    Client,
    /// The main thread of a child process that works off jobs.
    Process,
}

/// What a task is for; the story's own tasks are Handler, Dispatch, Program and Spawned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskRole {
    /// The server's own task that lets requests in.
    Accept,
    /// The task that loopscope adds to show whether other tasks can run.
    Heartbeat,
    /// Runs an `async` function for a request.
    Handler,
    /// Awaits the pool job of a plain function for a request.
    Dispatch,
    /// Started by `[[start]]`.
    Program,
    /// Spawned by a step.
    Spawned,
    /// A coroutine that was made and never started: no task of tokio's yet.
    Coroutine,
    /// Runs after a response has gone out.
    Background,
    /// A function that the loop calls back: no task, but each of its calls is a turn of its own.
    Callback,
    /// A task of a framework's or a server's own, of no request.
    Framework,
}

impl TaskRole {
    /// Whether the program's author asked for this task: not the accept task, not the heartbeat, not what a framework
    /// does for itself.
    pub const fn is_story(self) -> bool {
        !matches!(
            self,
            Self::Accept | Self::Heartbeat | Self::Callback | Self::Framework
        )
    }
}

/// How a task or a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Ran to its end.
    Completed,
    /// Dropped at an await, or taken out of the queue.
    Cancelled,
    /// Failed with a panic.
    Panicked,
    /// Failed with an error that it raised, or passed on: an exception, an `Err`.
    Failed,
    /// Dropped before its first poll.
    NeverPolled,
}

/// Why a task became ready again. The engine knows, so this is never a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WakeCause {
    /// Its timer ran out.
    Timer,
    /// Another task ended or notified it.
    Task(TaskId),
    /// Its job ended.
    Job(JobId),
    /// A client sent a request.
    Client,
    /// It asked for it itself (`yield`).
    Itself,
    /// A lock was released.
    Lock(LockId),
    /// A channel got a value.
    Channel(ChannelId),
    /// A value was taken out of a full channel.
    Room(ChannelId),
    /// An event was set or notified.
    NamedEvent(NamedEventId),
    /// A child process answered or ended.
    Process(ProcessId),
    /// No cause is known.
    Unknown,
}

/// What a task waits for, when it is no timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitOn {
    /// Another task's end.
    Task(TaskId),
    /// A job's end.
    Job(JobId),
    /// The next request in the backlog (the accept task).
    Backlog,
    /// The ends of this many tasks that were gathered.
    Tasks(u32),
    /// The first, or all, of this many futures that it polls itself (`select!`, `join!`).
    Futures(u32),
    /// A lock.
    Lock(LockId),
    /// A value in a channel.
    Channel(ChannelId),
    /// Room in a full channel.
    Room(ChannelId),
    /// An event of the story.
    NamedEvent(NamedEventId),
    /// Its own next turn (`yield`): it is ready again at once.
    Turn,
    /// Something that will never come (`await` of nothing: stopped by the limit).
    Forever,
    /// A thing of a program that is watched; the text names it and says how it stands: `jobs, 12 of 100`.
    Named {
        /// What sort of thing.
        what: Awaited,
        /// Its name and state.
        name: TextId,
    },
}

/// What a task of a program that is watched may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaited {
    /// A value in a queue.
    QueueGet,
    /// Room in a queue.
    QueuePut,
    /// A lock.
    Lock,
    /// A permit of a semaphore, a token of a limiter.
    Semaphore,
    /// An event that is to be set.
    Event,
    /// A condition.
    Condition,
    /// Data on a socket.
    Socket,
    /// The rest of a request that the client has not sent.
    Client,
}

/// How a thread is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// `time.sleep`: the thread sleeps.
    Sleep,
    /// A computation.
    Cpu,
    /// A computation in C code that keeps CPython's lock.
    Native,
    /// A lock of threads that another task or job holds.
    Lock,
    /// `block_on`, `.result()`: another task's end.
    Task,
    /// A file is read.
    File,
    /// It waits for a socket.
    Socket,
    /// It waits for a child process.
    Process,
    /// It was seen from outside to hold its thread, and not by what.
    Unknown,
}

/// What went wrong without an error that anyone gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// A coroutine was made and never awaited.
    NeverAwaited,
    /// A task or future failed, and its exception was never retrieved.
    NeverRetrieved,
    /// A task was destroyed while it waited: no reference to it was kept.
    NotKept,
    /// A callback raised an exception.
    Raised,
}

/// What is done to an event of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// It is set: all who wait are woken, and who comes later passes.
    Set,
    /// It is no longer set.
    Cleared,
    /// One of those who wait is woken.
    One,
    /// All who wait are woken.
    All,
}

/// Why a run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Everything that the story started has ended.
    Finished,
    /// The scenario's limit ran out.
    Limit,
    /// It was stopped from outside.
    Stopped,
    /// Step followed step in one moment, without an end: nothing in them took time.
    Steps,
    /// It needed more memory than a run may take.
    Memory,
}
