//! What a language does with the work that a cancelled waiter has waited for, and in which order it looks at timers.

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
}
