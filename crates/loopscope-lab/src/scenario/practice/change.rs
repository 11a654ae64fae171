//! What is changed in a small scenario: its run then is what comes of a usual mistake.

use std::fmt;

/// One thing that goes another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Every blocking sleep and computation is awaited.
    Awaited,
    /// Every awaited sleep blocks its thread.
    Blocking,
    /// All lengths are the same.
    Equal,
    /// One task or request begins when the one before it has ended.
    InTurn,
    /// What is started last begins first.
    LastFirst,
    /// Nothing locks.
    Unlocked,
    /// A lock is held from each read of what is shared to its write.
    Locked,
    /// What is for the pool runs on the loop's own thread.
    OnTheLoop,
    /// The pool has one thread.
    OneThread,
    /// The pool has a thread for each job.
    ManyThreads,
    /// No time runs out.
    Untimed,
    /// What gives way without waiting goes on at once.
    NoYield,
    /// Branches of a `select` are awaited one after the other.
    BranchesInTurn,
}

impl Change {
    /// All of them, what people believe most often first.
    pub const ALL: [Self; 13] = [
        Self::Awaited,
        Self::OnTheLoop,
        Self::OneThread,
        Self::ManyThreads,
        Self::Unlocked,
        Self::Locked,
        Self::Untimed,
        Self::BranchesInTurn,
        Self::NoYield,
        Self::InTurn,
        Self::Blocking,
        Self::LastFirst,
        Self::Equal,
    ];
}

impl fmt::Display for Change {
    /// Behind `a run in which`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Awaited => "every blocking call is awaited instead",
            Self::Blocking => "every awaited sleep holds the thread instead",
            Self::Equal => "all sleeps are equally long",
            Self::InTurn => "each one begins only when the one before it has ended",
            Self::LastFirst => "the one that is started last begins first",
            Self::Unlocked => "nothing locks",
            Self::Locked => "each one holds a lock from its read to its write",
            Self::OnTheLoop => "the loop's own thread does what is for the pool",
            Self::OneThread => "the pool has one thread",
            Self::ManyThreads => "the pool has a thread for each job",
            Self::Untimed => "no time runs out",
            Self::NoYield => "nothing gives way without having to wait",
            Self::BranchesInTurn => "the branches are awaited one after the other",
        })
    }
}
