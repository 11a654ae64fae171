//! What can be practised.

use loopscope_trace::Language;

use crate::scenario::practice::change::Change;

/// What is practised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Await, and in which order what is ready goes on.
    Loop,
    /// Blocking calls among awaited ones.
    Blocking,
    /// Blocking calls on threads.
    Pool,
    /// Who waits for whom at a lock.
    Locks,
    /// Who gets what from a channel.
    Channels,
    /// What a time limit ends, and what it cannot end.
    Timeouts,
    /// `select!`, `spawn` and `spawn_blocking`, by tokio's rules.
    Tokio,
}

impl Topic {
    /// All of them, in learning order.
    pub const ALL: [Self; 7] = [
        Self::Loop,
        Self::Blocking,
        Self::Pool,
        Self::Locks,
        Self::Channels,
        Self::Timeouts,
        Self::Tokio,
    ];

    /// One word, on the command line and in the names of exercises.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Loop => "loop",
            Self::Blocking => "blocking",
            Self::Pool => "pool",
            Self::Locks => "locks",
            Self::Channels => "channels",
            Self::Timeouts => "timeouts",
            Self::Tokio => "tokio",
        }
    }

    /// The topic in a few words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Loop => "the loop: await and order",
            Self::Blocking => "blocking calls",
            Self::Pool => "the pool",
            Self::Locks => "locks",
            Self::Channels => "channels",
            Self::Timeouts => "timeouts and cancellation",
            Self::Tokio => "tokio's own",
        }
    }

    /// What goes another way for who takes something else for true about it: one of these is among the answers.
    pub const fn about(self) -> &'static [Change] {
        match self {
            Self::Loop | Self::Channels => &Change::ALL,
            Self::Blocking => &[Change::Awaited],
            Self::Pool => &[Change::OnTheLoop, Change::OneThread, Change::ManyThreads],
            Self::Locks => &[Change::Unlocked, Change::Locked],
            Self::Timeouts => &[Change::Untimed],
            Self::Tokio => &[
                Change::BranchesInTurn,
                Change::OnTheLoop,
                Change::NoYield,
                Change::Awaited,
            ],
        }
    }

    /// The languages in which its programs are told.
    pub const fn languages(self) -> &'static [Language] {
        match self {
            Self::Tokio => &[Language::Rust],
            _ => &[Language::Python, Language::Rust],
        }
    }
}
