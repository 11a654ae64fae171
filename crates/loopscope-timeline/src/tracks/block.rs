//! What a block on a loop's thread is, and the blocks of one place together.

use crate::tracks::waited::Victims;
use loopscope_trace::{Actor, BlockKind, Nanos, StackId, StepId, ThreadId};

/// A block on a loop's thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Since when.
    pub from: Nanos,
    /// Until when; `None` while it goes on.
    pub to: Option<Nanos>,
    /// The task whose turn it was.
    pub actor: Actor,
    /// The thread.
    pub thread: ThreadId,
    /// How the thread was held.
    pub kind: BlockKind,
    /// The place in the program.
    pub step: Option<StepId>,
    /// The call stack in which it was seen last.
    pub stack: Option<StackId>,
}

impl Block {
    /// How long it lasted, or has lasted at `now`.
    pub fn length(&self, now: Nanos) -> Nanos {
        self.to.unwrap_or(now).min(now).since(self.from)
    }
}

/// The blocks of one place together.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The place; `None` where none is known.
    pub step: Option<StepId>,
    /// How the thread was held there longest.
    pub kind: BlockKind,
    /// How many blocks.
    pub times: u32,
    /// The longest of them.
    pub longest: Nanos,
    /// All together.
    pub total: Nanos,
    /// Who waited for any of them; one who waited for several counts once.
    pub waited: Victims,
    /// The call stack of the longest.
    pub stack: Option<StackId>,
    /// One of them goes on.
    pub open: bool,
}
