//! What a language does with the work that a cancelled waiter has waited for, in which order it looks at timers, and
//! how many turns of the loop its server takes.

use loopscope_trace::{Language, Story};

/// Whose rules a run is played by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Semantics {
    /// A cancellation goes through an await into what is awaited.
    #[default]
    Asyncio,
    /// What waits is dropped; what it has waited for goes on.
    Tokio,
}

impl Semantics {
    /// Those of the language that the story is played in.
    pub(crate) fn of(story: &Story) -> Self {
        match story.played_in() {
            Language::Python => Self::Asyncio,
            Language::Rust => Self::Tokio,
        }
    }

    /// Whether a lock lets one thread compute at a time.
    pub(crate) fn has_gil(self) -> bool {
        self == Self::Asyncio
    }

    /// Whether a cancelled waiter cancels the task that it awaits, the tasks of its `gather`, and its job
    /// while that is queued.
    pub(crate) fn cancels_awaited(self) -> bool {
        self == Self::Asyncio
    }

    /// Whether what is left of an `as_completed` is cancelled with it: a dropped `JoinSet` aborts its tasks,
    /// `asyncio.as_completed` leaves them running.
    pub(crate) fn cancels_completed(self) -> bool {
        self == Self::Tokio
    }

    /// Whether a timer that runs out before the body is woken ends a timeout although the body
    /// could go on by now: callbacks are called in the order in which they became ready. tokio polls the
    /// body first.
    pub(crate) fn calls_in_order(self) -> bool {
        self == Self::Asyncio
    }

    /// The turns of the loop between the one that notices a request and the one that makes a task of it. uvicorn's
    /// loop accepts a connection, makes a task of that, gives it a transport, watches it and reads it; one
    /// that was kept is only read. A Rust program takes its requests out of a channel.
    pub(crate) fn turns_to_task(self, kept: bool) -> u32 {
        match (self, kept) {
            (Self::Asyncio, false) => 4,
            (Self::Asyncio, true) => 1,
            (Self::Tokio, _) => 0,
        }
    }

    /// The turns before the framework hands a job to its threads: it gives way once, and once more when it has been
    /// given one of the threads that there may be.
    pub(crate) fn turns_to_job(self) -> u32 {
        match self {
            Self::Asyncio => 2,
            Self::Tokio => 0,
        }
    }

    /// The turns between the one that notices the end of a job, or of the last task of several, and the one in which the
    /// waiter goes on: the end is a callback, which makes the waiter ready.
    pub(crate) fn turns_from_work(self) -> u32 {
        match self {
            Self::Asyncio => 1,
            Self::Tokio => 0,
        }
    }
}
