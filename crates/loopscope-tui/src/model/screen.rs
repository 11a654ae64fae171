//! The screen that is open, the line that one types into, and what is presented.

use std::time::Duration;

use tui_input::Input;

use crate::keys::key::Place;
use crate::session::asking::{Asking, Draft};
use crate::settings::settings::{Item, Playlist};
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::Offers;
use loopscope_timeline::{LaneId, Moment};

/// What the line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// A time.
    Time,
    /// A task or a printed line.
    Text,
    /// What the list of events is narrowed to.
    Events,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// When it appears.
    pub moment: Moment,
    /// The lane that it concerns.
    pub lane: Option<LaneId>,
    /// What it is: `B printed bye`.
    pub says: String,
}

/// A line that one types into.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What it is for.
    pub kind: PromptKind,
    /// What has been typed.
    pub input: Input,
    /// Below it: what may be typed, what is wrong, or what was found.
    pub says: String,
    /// What was found, in order of time.
    pub found: Vec<Found>,
    /// The one that was gone to.
    pub place: Option<usize>,
}

impl Prompt {
    /// An empty line.
    pub(crate) fn new(kind: PromptKind) -> Self {
        let says = match kind {
            PromptKind::Time => "a time: 3.4, 340ms, 1:30, 50%; +1 and -0.5 count from here",
            PromptKind::Events => "who or what an event is about: A, timer, prints; Enter keeps it",
            PromptKind::Text => "a task's name or a printed line; Enter again goes to the next one",
        };
        Self {
            kind,
            input: Input::default(),
            says: says.to_owned(),
            found: Vec::new(),
            place: None,
        }
    }

    /// The words in front of it.
    pub(crate) const fn title(&self) -> &'static str {
        match self.kind {
            PromptKind::Time => "go to:",
            PromptKind::Events => "only:",
            PromptKind::Text => "find:",
        }
    }
}

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
