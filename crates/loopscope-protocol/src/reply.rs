//! What the application tells.

use loopscope_trace::{Story, Trace};

/// One of two things to compare.
#[derive(Clone, Debug, PartialEq)]
pub enum Half {
    /// A scenario that can be run.
    Scenario(Box<Story>),
    /// What was recorded.
    Recording(Box<Trace>),
}

/// When hands are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Round {
    /// Before the discussion.
    #[default]
    Before,
    /// After it.
    After,
}

impl Round {
    /// Its place among the tallies of a question.
    pub const fn place(self) -> usize {
        match self {
            Self::Before => 0,
            Self::After => 1,
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
        }
    }

    /// `before`, `after`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}
