//! Something that the trace proves; on the screen "found so far".

use crate::tracks::track::LaneId;
use loopscope_trace::{Actor, JobId, Nanos, StepId, TaskId, TextId, ThreadId};

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
    /// Two wrote a variable from what both had read before, so one of the writes is lost.
    LostUpdate,
    /// Some wait for one another in a circle.
    Deadlock,
    /// Work went on although whoever waited for it had stopped waiting.
    OutlivedTimeout,
    /// Threads wanted CPython's lock while another one had it.
    GilContention,
    /// Who had asked for a lock later got it earlier.
    UnfairLock,
    /// A child process was ended by a signal, or ended with an exit code that is not 0.
    KilledProcess,
}

impl InsightKind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::BlockedLoop,
        Self::Starved,
        Self::SaturatedPool,
        Self::NeverPolled,
        Self::NeverYields,
        Self::LostUpdate,
        Self::Deadlock,
        Self::OutlivedTimeout,
        Self::GilContention,
        Self::UnfairLock,
        Self::KilledProcess,
    ];

    /// Its name in scenario files and in the report: `blocked-loop`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::BlockedLoop => "blocked-loop",
            Self::Starved => "starved",
            Self::SaturatedPool => "saturated-pool",
            Self::NeverPolled => "never-polled",
            Self::NeverYields => "never-yields",
            Self::LostUpdate => "lost-update",
            Self::Deadlock => "deadlock",
            Self::OutlivedTimeout => "outlived-timeout",
            Self::GilContention => "gil-contention",
            Self::UnfairLock => "unfair-lock",
            Self::KilledProcess => "killed-process",
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
            Self::LostUpdate => "lost update",
            Self::Deadlock => "deadlock",
            Self::OutlivedTimeout => "went on alone",
            Self::GilContention => "GIL wanted",
            Self::UnfairLock => "overtaken",
            Self::KilledProcess => "child killed",
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
    /// For a starved task: who had the loop when it was found, and in which step. For work that
    /// went on: whose timeout had run out. For a waiter: who was the first to come before it.
    pub held_by: Option<(Actor, Option<StepId>)>,
    /// Who could not run meanwhile, or who was queued; of very many only the first ones.
    pub victims: Vec<LaneId>,
    /// The figure of the sentence: how many victims; for a pool the most that were queued at once.
    pub count: u32,
    /// The number of the variable, lock, pool or child process that it is about.
    pub of: Option<u32>,
    /// Those who wait for one another, each for the next one; or the two writes, in order.
    pub chain: Vec<Link>,
    /// How long all together waited, for CPython's lock.
    pub amount: Nanos,
}

/// One of several actors that a finding names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Who.
    pub actor: Actor,
    /// In which step.
    pub step: Option<StepId>,
    /// What for, or what of it.
    pub want: Want,
}

/// What an actor of a circle waits for, or what it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// It wrote this value.
    Wrote(TextId),
    /// It holds its thread until this task ends.
    Blocks(TaskId),
    /// It awaits this task.
    Task(TaskId),
    /// It awaits this job.
    Job(JobId),
    /// It can run only on this loop, which the next one holds.
    Loop(ThreadId),
    /// The next one has this lock.
    Lock(u16),
    /// All threads of this pool are taken.
    Pool(u16),
}
