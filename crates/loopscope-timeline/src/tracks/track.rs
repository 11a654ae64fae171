//! What each lane and each thread did over time: spans that tile its life.

use crate::world::state::State;
use loopscope_trace::{Actor, JobId, Nanos, RequestId, StepId, TaskId, TextId, ThreadId};

/// The place of a lane among the lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId(pub u32);

/// A row on the screen: a request from the moment it is sent (its task and, for a plain
/// function, its job go on in the same lane), a task without a request, or a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Its place.
    pub id: LaneId,
    /// What it shows.
    pub kind: LaneKind,
    /// `A`, `B` … for requests and for the story's own tasks; empty for accept, heartbeat, jobs.
    pub letter: String,
    /// `tab 1`, `accept`, `heartbeat`, `main`, `job of A` …
    pub name: String,
    /// When it appeared.
    pub from: Nanos,
    /// Its spans in order; the last one is open (`to` is `None`) while the lane lives, and a final
    /// state (done, cancelled, panicked) has an open span too.
    pub spans: Vec<Span>,
}

/// What a lane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneKind {
    /// A request, with the task and the job that serve it.
    Request(RequestId),
    /// A task that serves no request.
    Task(TaskId),
    /// A job whose parent has a lane of its own.
    Job(JobId),
}

/// A stretch of one state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Its first moment.
    pub from: Nanos,
    /// Its end; `None` while it goes on.
    pub to: Option<Nanos>,
    /// The state.
    pub state: State,
    /// The step that it was in when it began.
    pub step: Option<StepId>,
}

/// A printed line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutputLine {
    /// When.
    pub at: Nanos,
    /// The place of its event in the trace.
    pub event: usize,
    /// The task or job that printed it; `None` where a client did.
    pub actor: Option<Actor>,
    /// The request whose client printed it.
    pub request: Option<RequestId>,
    /// The lane of who printed it.
    pub lane: Option<LaneId>,
    /// The step that printed it.
    pub step: Option<StepId>,
    /// The thread on which it was printed.
    pub thread: Option<ThreadId>,
    /// What.
    pub text: TextId,
}

/// A piece of a streamed answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// When it went out.
    pub at: Nanos,
    /// To whom.
    pub request: RequestId,
    /// What.
    pub text: TextId,
}
