//! What only later events tell of a task, a job or a request, made with the first of them: a thing that
//! was only introduced takes little memory, and copies of the world share it until it changes.

use std::num::NonZeroU64;
use std::sync::Arc;

use crate::world::values::Values;
use loopscope_trace::{
    Actor, BlockKind, JobId, Nanos, Outcome, RequestId, StepId, TaskId, TextId, ThreadId, WaitOn,
    WakeCause,
};

/// Something that is nothing until it is first changed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Later<T>(pub(crate) Option<Arc<T>>);

impl<T> Default for Later<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// What is told later of a task.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskLater {
    /// What tokio-console calls it, where it could attach.
    pub tokio: Option<NonZeroU64>,
    /// The request that it serves.
    pub request: Option<RequestId>,
    /// The job that it awaits, or whose dispatch it is.
    pub job: Option<JobId>,
    /// The step that it is in.
    pub step: Option<StepId>,
    /// What it waits for, while it waits and it is no timer.
    pub waits_on: Option<WaitOn>,
    /// When its timer runs out, while it waits for one (kept while overdue).
    pub deadline: Option<Nanos>,
    /// Who made it ready last.
    pub woken_by: Option<WakeCause>,
    /// The thread that polls it now.
    pub thread: Option<ThreadId>,
    /// The only loop that can run it, where there is more than one.
    pub home: Option<ThreadId>,
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
    /// Who keeps it and does not poll it any more, where it is a future, and since when.
    pub(crate) left: Option<(Actor, Nanos)>,
    /// What it has in hand, once it has anything.
    pub(crate) values: Option<Arc<Values>>,
    /// It was woken during its own turn, so it is ready when that ends.
    pub(crate) again: bool,
    /// When it last stopped at an await; being overdue does not change it.
    pub(crate) stopped: Nanos,
}

/// What is told later of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobLater {
    /// The step that it is in.
    pub step: Option<StepId>,
    /// The pool thread that has it.
    pub thread: Option<ThreadId>,
    /// When a thread took it.
    pub started: Option<Nanos>,
    /// When it ended.
    pub ended: Option<Nanos>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// It is inside a block or a computation of this kind, since this moment.
    pub blocking: Option<(BlockKind, Nanos)>,
    /// What it has in hand, once it has anything.
    pub(crate) values: Option<Arc<Values>>,
}

/// What is told later of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestLater {
    /// When the accept task let it in.
    pub accepted: Option<Nanos>,
    /// The task that serves it.
    pub task: Option<TaskId>,
    /// When it was answered.
    pub answered: Option<Nanos>,
    /// The answer.
    pub response: Option<TextId>,
    /// The status of the answer, where it is told; else 0.
    pub status: u16,
    /// How many pieces of a streamed answer have gone out.
    pub chunks: u32,
    /// When the client gave up.
    pub given_up: Option<Nanos>,
    /// What the machine lacked to bring it to the server.
    pub refused: Option<TextId>,
}
