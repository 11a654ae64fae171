//! The line that one types into, and where one reads in a text.

use tui_input::Input;

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
    /// Words of the text that one reads.
    Lines,
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
            PromptKind::Lines => "words of this text; Enter keeps them, and n goes on from there",
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
            PromptKind::Text | PromptKind::Lines => "find:",
        }
    }
}

/// Where one reads in a text: help, a problem, mistakes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Lines above those in sight.
    pub first: usize,
    /// What is sought, in small letters; empty where nothing is.
    pub sought: String,
    /// The line in which it was found last.
    pub hit: Option<usize>,
}
