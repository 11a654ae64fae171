//! What is open, what lies over it, and where keys go.

use crate::keys::place::Place;
use crate::session::asking::{Asking, Draft};
use loopscope_protocol::problem::Problem;
use loopscope_protocol::user_files::Offers;

/// What is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// The list of scenarios.
    Menu,
    /// A question, before the run or after it.
    Question(Asking),
    /// The run.
    Stage,
    /// Two runs on one clock.
    Compare,
    /// Many runs of one scenario.
    Many,
    /// All keys and words of the screen that it lies on.
    Help {
        /// The screen below.
        over: Box<Screen>,
        /// Lines above the window.
        scroll: u16,
    },
    /// The knobs, over the stage or the question.
    Knobs {
        /// The screen below.
        over: Box<Screen>,
        /// The knob under the cursor.
        selected: usize,
        /// The digits that were typed for it so far.
        typed: Option<i64>,
    },
    /// The mistakes of a file that was saved, over its last good version.
    Mistakes {
        /// The screen below.
        over: Box<Screen>,
        /// What is wrong.
        problem: Problem,
        /// Lines above the window.
        scroll: u16,
    },
    /// What can be exported, over what is open.
    Export {
        /// The screen below.
        over: Box<Screen>,
        /// What is chosen.
        panel: ExportPanel,
    },
    /// Why a scenario could not be opened or run, with all details.
    Problem {
        /// What is wrong.
        problem: Problem,
        /// Lines above the window.
        scroll: u16,
    },
}

impl Screen {
    /// Whether the stage is in sight: open, or below what lies on its lower part.
    pub(crate) fn shows_stage(&self) -> bool {
        match self {
            Self::Stage => true,
            Self::Knobs { over, .. } | Self::Mistakes { over, .. } | Self::Export { over, .. } => {
                over.shows_stage()
            }
            _ => false,
        }
    }

    /// Opens the stage; knobs that lie on top stay there.
    pub(crate) fn open_stage(&mut self) {
        match self {
            Self::Knobs { over, .. } => over.open_stage(),
            other => *other = Self::Stage,
        }
    }

    /// Where keys go.
    pub fn place(&self) -> Place {
        match self {
            Self::Menu => Place::Menu,
            Self::Question(asking) if asking.answered => Place::Answered,
            Self::Question(asking) if asking.counting.is_some() => Place::Votes,
            Self::Question(asking) => match asking.draft {
                Draft::Option(_) => Place::Question,
                Draft::Lines { .. } => Place::Order,
                Draft::Number(_) => Place::Number,
            },
            Self::Stage => Place::Stage,
            Self::Compare => Place::Compare,
            Self::Many => Place::Many,
            Self::Help { .. } => Place::Help,
            Self::Knobs { .. } => Place::Knobs,
            Self::Problem { .. } => Place::Problem,
            Self::Mistakes { .. } => Place::Mistakes,
            Self::Export { .. } => Place::Export,
        }
    }
}

/// What can be exported, and what has been.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportPanel {
    /// What can be written.
    pub offers: Offers,
    /// The row under the cursor.
    pub selected: usize,
    /// What came of the last export; empty before the first.
    pub said: Vec<String>,
}
