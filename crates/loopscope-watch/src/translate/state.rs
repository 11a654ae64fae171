//! What is known of the processes of a watch while it goes on.

use std::collections::HashMap;
use std::net::SocketAddr;

use loopscope_trace::{
    Actor, BlockKind, FunctionId, JobId, ProcessId, RequestId, StepId, TaskId, TaskRole, ThreadId,
    ThreadRole, WakeCause,
};

use crate::translate::rows::Roots;

/// A process.
#[derive(Debug, Default)]
pub(crate) struct Process {
    /// `None` until it is part of the trace.
    pub(crate) id: Option<ProcessId>,
    pub(crate) pid: u32,
    pub(crate) command: Vec<String>,
    /// Whether what ends wakes those who wait for it on the same thread at once, as in tokio.
    pub(crate) wakes_at_once: bool,
    /// The version of its Python.
    pub(crate) python: String,
    pub(crate) roots: Roots,
    pub(crate) threads: HashMap<u16, Thread>,
    /// What runs, by the numbers that the process gives.
    pub(crate) tasks: HashMap<u64, Task>,
    pub(crate) jobs: HashMap<u64, Job>,
    pub(crate) pools: HashMap<u64, u16>,
    pub(crate) requests: HashMap<u64, Request>,
    /// By the texts of their labels.
    pub(crate) callbacks: HashMap<u64, Task>,
}

/// A thread.
#[derive(Debug, Default)]
pub(crate) struct Thread {
    /// `None` until it is seen to run something.
    pub(crate) id: Option<ThreadId>,
    pub(crate) role: Option<ThreadRole>,
    pub(crate) name: String,
    pub(crate) parked: bool,
    pub(crate) runs: Option<Runs>,
    /// What ended here last, and when.
    pub(crate) ended: Option<(WakeCause, u64)>,
    pub(crate) block: Option<Block>,
}

/// What a thread runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    Task(u64),
    Callback(u64),
    Job(u64),
}

/// A block that is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Block {
    pub(crate) actor: Actor,
    pub(crate) kind: BlockKind,
    pub(crate) step: Option<StepId>,
}

/// A task, or a callback's lane.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) id: TaskId,
    pub(crate) role: TaskRole,
    pub(crate) name: String,
    pub(crate) function: Option<FunctionId>,
    pub(crate) ready: bool,
    /// Sort, value and text of what it said last that it waits for.
    pub(crate) on: Option<(u64, u64, u64)>,
    /// Whether it waits for that now.
    pub(crate) waits: bool,
    /// Where it was seen last.
    pub(crate) step: Option<StepId>,
    /// The thread that it had its last turn on, and when that was over.
    pub(crate) turned: Option<(u16, u64)>,
}

/// A job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job {
    pub(crate) id: JobId,
    pub(crate) step: Option<StepId>,
    pub(crate) ended: bool,
}

/// A request that is served.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) id: RequestId,
    /// The task that serves it.
    pub(crate) task: u64,
    pub(crate) client: Option<SocketAddr>,
}

/// A connection whose request has not reached the program yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Connection {
    pub(crate) request: RequestId,
    pub(crate) process: usize,
    /// When it was seen to wait no more, in nanoseconds of the monotonic clock.
    pub(crate) left: Option<u64>,
    /// Its client went away before it was accepted.
    pub(crate) given_up: bool,
}

/// The next number of each sort.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) tasks: u32,
    pub(crate) jobs: u32,
    pub(crate) requests: u32,
    pub(crate) threads: u32,
    pub(crate) processes: u32,
    pub(crate) pools: u16,
}

/// The next number of a sort; far beyond the limit of recordings it stays the same.
pub(crate) fn next(number: &mut u32) -> u32 {
    let now = *number;
    *number = number.saturating_add(1);
    now
}
