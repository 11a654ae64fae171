//! The states of a request's lane, told apart live while the loop is blocked, and the table of
//! legal transitions.
// table

use loopscope_trace::Outcome;

/// What a request, a task or a job is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// The request has arrived; the loop has not accepted it. No task exists yet.
    InBacklog,
    /// The coroutine exists and has not been started.
    Created,
    /// Could run this instant; the loop is busy with another task.
    Ready,
    /// Its timer has run out, and the loop has had no chance to notice.
    Overdue,
    /// Wants a thread of the pool; all are taken.
    Queued,
    /// The loop is executing it now.
    Running,
    /// Holds the loop's thread without giving it back: no other task can run.
    Blocking,
    /// Works or sleeps on a thread of the pool; the loop is free.
    OnPool,
    /// Stopped at an await; needs no thread until it is woken.
    Waiting,
    /// Finished.
    Done,
    /// Dropped at an await before it could finish.
    Cancelled,
    /// Ended by an error that left it: an exception, an `Err`, a panic; the others go on.
    Failed,
    /// Events were lost, so its state cannot be told.
    #[default]
    Unknown,
}

impl State {
    /// All states, in the order of the help page.
    pub const ALL: [Self; 13] = [
        Self::InBacklog,
        Self::Created,
        Self::Ready,
        Self::Overdue,
        Self::Queued,
        Self::Running,
        Self::Blocking,
        Self::OnPool,
        Self::Waiting,
        Self::Done,
        Self::Cancelled,
        Self::Failed,
        Self::Unknown,
    ];

    /// The word on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InBacklog => "in the backlog",
            Self::Created => "created",
            Self::Ready => "ready",
            Self::Overdue => "overdue",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Blocking => "blocking",
            Self::OnPool => "on a pool thread",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// One line of help.
    pub const fn help(self) -> &'static str {
        match self {
            Self::InBacklog => {
                "The request has arrived; the loop has not accepted it. No task exists yet."
            }
            Self::Created => "The coroutine exists; nobody has started it.",
            Self::Ready => "Could run this instant; the loop is busy with somebody else.",
            Self::Overdue => "Its timer has run out, and the loop has had no chance to notice.",
            Self::Queued => "Wants a thread of the pool; all are taken.",
            Self::Running => "The loop is executing it now.",
            Self::Blocking => {
                "Holds the loop's thread without giving it back: nobody else can run."
            }
            Self::OnPool => "Works or sleeps on a thread of the pool; the loop is free.",
            Self::Waiting => "Stopped at an await; needs no thread until it is woken.",
            Self::Done => "Finished.",
            Self::Cancelled => "Dropped at an await before it could finish.",
            Self::Failed => "Ended by an error that left it; the others go on.",
            Self::Unknown => "Events were lost; nobody knows.",
        }
    }

    /// Whether nothing follows it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }

    /// Whether it could run, if only the loop took it: ready or overdue.
    pub const fn could_run(self) -> bool {
        matches!(self, Self::Ready | Self::Overdue)
    }

    /// Whether it may do something: it has a thread, or its state cannot be told.
    pub(crate) const fn acts(self) -> bool {
        matches!(
            self,
            Self::Running | Self::Blocking | Self::OnPool | Self::Unknown
        )
    }

    /// The state that an outcome leaves behind.
    pub const fn after(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Completed => Self::Done,
            Outcome::Cancelled | Outcome::NeverPolled => Self::Cancelled,
            Outcome::Panicked | Outcome::Failed => Self::Failed,
        }
    }
}

/// What can happen to a task or a job, as far as its state is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// It was spawned.
    Spawned,
    /// The coroutine was made, and is not started by that.
    Made,
    /// The coroutine is polled by the task that keeps it.
    Polled,
    /// A loop begins a turn.
    TurnBegins,
    /// The turn is over; `again`: it was woken meanwhile.
    TurnEnds { again: bool },
    /// It was woken.
    Woken,
    /// Its timer ran out.
    TimerRunsOut,
    /// It begins to hold its thread.
    BlockBegins,
    /// It lets go.
    BlockEnds,
    /// A thread of the pool is free for it, or will be started for it.
    ThreadIsFree,
    /// Another job took that thread.
    ThreadIsTaken,
    /// A pool thread took it.
    JobBegins,
    /// It is over.
    Ends(Outcome),
}

/// The state of a task after `trigger`; `None` where the table does not allow it.
// table
pub(crate) const fn task_after(from: State, trigger: Trigger) -> Option<State> {
    use State as S;
    use Trigger as H;
    let to = match (from, trigger) {
        (S::Unknown, H::Spawned) => S::Ready,
        (S::Unknown, H::Made) => S::Created,
        (S::Created | S::Waiting | S::Unknown, H::Polled) => S::Waiting,
        // A coalesced or untold wake lets a waiting task run without a word.
        (
            S::Created | S::Ready | S::Waiting | S::Overdue | S::Unknown | S::Running,
            H::TurnBegins,
        ) => S::Running,
        // A panic or a drop inside a block skips the block's end.
        (S::Running | S::Blocking | S::Unknown, H::TurnEnds { again: false }) => S::Waiting,
        (S::Running | S::Blocking | S::Unknown, H::TurnEnds { again: true }) => S::Ready,
        // In a last turn the end precedes the turn's end.
        (S::Done | S::Cancelled | S::Failed, H::TurnEnds { .. } | H::Woken) => from,
        (S::Created | S::Waiting | S::Overdue | S::Ready | S::Unknown, H::Woken) => S::Ready,
        (S::Running | S::Blocking, H::Woken) => from,
        (S::Waiting, H::TimerRunsOut) => S::Overdue,
        (S::Running | S::Unknown, H::BlockBegins) => S::Blocking,
        (S::Blocking | S::Unknown, H::BlockEnds) => S::Running,
        (_, H::Ends(outcome)) if !from.is_final() => S::after(outcome),
        _ => return None,
    };
    Some(to)
}

/// The state of a job after `trigger`; `None` where the table does not allow it. A job is queued
/// while all threads are taken, and ready while a thread is free for it that has not begun it yet:
/// the system may still be starting that thread, and starting is not queueing.
// table
pub(crate) const fn job_after(from: State, trigger: Trigger) -> Option<State> {
    use State as S;
    use Trigger as H;
    let to = match (from, trigger) {
        (S::Queued, H::ThreadIsFree) => S::Ready,
        (S::Ready, H::ThreadIsTaken) => S::Queued,
        (S::Queued | S::Ready | S::Unknown, H::JobBegins) => S::OnPool,
        (S::OnPool | S::Unknown, H::BlockBegins | H::BlockEnds) => S::OnPool,
        (_, H::Ends(outcome)) if !from.is_final() => S::after(outcome),
        _ => return None,
    };
    Some(to)
}
