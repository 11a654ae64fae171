//! What travels through the rings: a raw clock reading and a fact of fixed size.

use loopscope_trace::{EventKind, Outcome, TaskId};

/// One fact and the raw clock reading at which it was noted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// The raw reading of the clock; the collector turns it into a moment.
    pub raw: u64,
    /// What was noted.
    pub fact: Fact,
}

const _: () = assert!(
    size_of::<Record>() == 24,
    "a record is as small as an event"
);

/// What a recorder notes. Hooks know tokio's ids only, so the collector joins the two worlds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact {
    /// An event, its ids still provisional.
    Event(EventKind),
    /// tokio calls this task so (the lower half of its id).
    Bound {
        /// The provisional id.
        task: TaskId,
        /// The lower half of tokio's id.
        tokio: u32,
    },
    /// A hook: a turn begins.
    TurnStarted {
        /// The lower half of tokio's id.
        tokio: u32,
    },
    /// A hook: the turn is over.
    TurnEnded {
        /// The lower half of tokio's id.
        tokio: u32,
    },
    /// A hook: the task will never run again.
    Terminated {
        /// The lower half of tokio's id.
        tokio: u32,
    },
    /// The wrapper knows how its task ended.
    Ended {
        /// The provisional id.
        task: TaskId,
        /// How it ended.
        outcome: Outcome,
    },
    /// A hook: this thread has nothing to do.
    Parked,
    /// A hook: this thread goes on.
    Unparked,
}
