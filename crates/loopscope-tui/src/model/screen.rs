//! The screen that is open, and what is presented.

use std::time::Duration;

use crate::keys::key::Place;
use crate::model::prompt::{PromptKind, Reading};
use crate::session::asking::{Asking, Draft};
use crate::settings::settings::{Item, Playlist};
use loopscope_protocol::export::Offers;
use loopscope_protocol::problem::Problem;

/// Reading time of one character.
const LETTER: Duration = Duration::from_millis(60);

/// The least time that a sentence stands.
const LEAST: Duration = Duration::from_secs(2);

/// A playlist, and where one is in it.
#[derive(Clone, Debug, Default)]
pub struct Presenting {
    /// What is shown.
    pub playlist: Playlist,
    /// The place of the scenario that was opened last.
    pub at: usize,
    /// Whether it is the one that is open now: the menu may have opened another one.
    pub on: bool,
    /// Begins again behind the last one.
    pub again: bool,
    /// The big layout, where an item does not say.
    pub big: bool,
    /// The stop whose panes are shown; not yet known where it is `None`.
    pub applied_stop: Option<Option<usize>>,
    /// A lane that shall stand alone as soon as it appears.
    pub only: Option<String>,
}

impl Presenting {
    /// Before its first scenario.
    pub(crate) fn new(playlist: Playlist, again: bool, big: bool) -> Self {
        Self {
            playlist,
            again,
            big,
            ..Self::default()
        }
    }

    /// The scenario that was opened last.
    pub(crate) fn item(&self) -> Option<&Item> {
        self.playlist.items.get(self.at)
    }

    /// The place of the next one, where there is one.
    pub(crate) fn after(&self) -> Option<usize> {
        let count = self.playlist.items.len();
        match self.at + 1 {
            next if next < count => Some(next),
            _ => self.again.then_some(0),
        }
    }

    /// The next one, where there is one.
    pub(crate) fn next(&self) -> Option<&Item> {
        self.playlist.items.get(self.after()?)
    }

    /// `2 of 7`.
    pub(crate) fn place(&self) -> (usize, usize) {
        (self.at + 1, self.playlist.items.len())
    }
}

/// The view goes on by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Autoplay {
    /// How long it still stands; it does not stand by itself where it is `None`.
    pub left: Option<Duration>,
}

/// How long one needs to read a sentence that far away.
pub fn reading(words: &str) -> Duration {
    let letters = u32::try_from(words.chars().count()).unwrap_or(u32::MAX);
    LETTER.saturating_mul(letters).max(LEAST)
}

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
        /// What of it is in sight.
        reading: Reading,
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
        /// What of it is in sight.
        reading: Reading,
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
        /// What of it is in sight.
        reading: Reading,
    },
}

impl Screen {
    /// A problem, read from its start.
    pub(crate) fn problem(problem: Problem) -> Self {
        let reading = Reading::default();
        Self::Problem { problem, reading }
    }

    /// The screen that it lies on; `None` where it lies on none.
    pub(crate) fn below(&self) -> Option<&Self> {
        match self {
            Self::Help { over, .. }
            | Self::Knobs { over, .. }
            | Self::Mistakes { over, .. }
            | Self::Export { over, .. } => Some(over),
            _ => None,
        }
    }

    /// Whether the stage is in sight: open, or below what lies on its lower part.
    pub(crate) fn shows_stage(&self) -> bool {
        match self {
            Self::Stage => true,
            Self::Help { .. } => false,
            over => over.below().is_some_and(Self::shows_stage),
        }
    }

    /// Whether a scenario is open in it or below it, and not the menu or a comparison.
    pub(crate) fn shows_scenario(&self) -> bool {
        match self {
            Self::Stage | Self::Question { .. } => true,
            over => over.below().is_some_and(Self::shows_scenario),
        }
    }

    /// Whether a line of this kind is typed here.
    pub(crate) fn takes(&self, kind: PromptKind) -> bool {
        match kind {
            PromptKind::Lines => self.reading().is_some(),
            _ => *self == Self::Stage,
        }
    }

    /// Where one reads in a text; `None` for a screen that is none.
    pub(crate) fn reading(&self) -> Option<&Reading> {
        match self {
            Self::Help { reading, .. }
            | Self::Problem { reading, .. }
            | Self::Mistakes { reading, .. } => Some(reading),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn reading_mut(&mut self) -> Option<&mut Reading> {
        match self {
            Self::Help { reading, .. }
            | Self::Problem { reading, .. }
            | Self::Mistakes { reading, .. } => Some(reading),
            _ => None,
        }
    }

    /// Opens another screen over this one.
    pub(crate) fn cover(&mut self, with: impl FnOnce(Box<Self>) -> Self) {
        let over = std::mem::replace(self, Self::Menu);
        *self = with(Box::new(over));
    }

    /// Goes back to the screen below; a screen that lies on none stays.
    pub(crate) fn uncover(&mut self) {
        if let Self::Help { over, .. }
        | Self::Knobs { over, .. }
        | Self::Mistakes { over, .. }
        | Self::Export { over, .. } = self
        {
            *self = std::mem::replace(over, Self::Menu);
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
