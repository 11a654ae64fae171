//! Something that the trace proves; on the screen "found so far".

use super::track::LaneId;
use crate::trace::{Actor, Nanos, StepId};

/// What is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InsightKind {
    /// A task held a loop for 100 ms of scenario time or longer.
    BlockedLoop,
    /// A task was ready or overdue for 100 ms or longer.
    Starved,
    /// All threads of the pool were taken, and jobs were queued.
    SaturatedPool,
    /// A task ended without a single turn.
    NeverPolled,
    /// A task that never stopped at an await for 100 ms while others were ready.
    NeverYields,
}

impl InsightKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::BlockedLoop,
        Self::Starved,
        Self::SaturatedPool,
        Self::NeverPolled,
        Self::NeverYields,
    ];

    /// Its name in scenario files and in the report: `blocked-loop`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::BlockedLoop => "blocked-loop",
            Self::Starved => "starved",
            Self::SaturatedPool => "saturated-pool",
            Self::NeverPolled => "never-polled",
            Self::NeverYields => "never-yields",
        }
    }

    /// Its words on the screen: `blocked loop`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::BlockedLoop => "blocked loop",
            Self::Starved => "starved",
            Self::SaturatedPool => "pool full",
            Self::NeverPolled => "never polled",
            Self::NeverYields => "never yields",
        }
    }
}

/// One finding. While it goes on, `seconds` and `text` grow.
#[derive(Clone, Debug, PartialEq)]
pub struct Insight {
    /// What.
    pub kind: InsightKind,
    /// Since when it is the case (the start of the block, not the moment it reached 100 ms).
    pub at: Nanos,
    /// The moment at which the trace had it (100 ms into a block).
    pub found: Nanos,
    /// How long it was the case.
    pub length: Nanos,
    /// It has not ended yet.
    pub open: bool,
    /// Who.
    pub actor: Option<Actor>,
    /// The lane of who.
    pub lane: Option<LaneId>,
    /// In which step.
    pub step: Option<StepId>,
    /// For a starved task: who had the loop when it was found, and in which step.
    pub held_by: Option<(Actor, Option<StepId>)>,
    /// Who could not run meanwhile, or who was queued; of very many only the first ones.
    pub victims: Vec<LaneId>,
    /// The figure of the sentence: how many victims; for a pool the most that were queued at once.
    pub count: u32,
}
