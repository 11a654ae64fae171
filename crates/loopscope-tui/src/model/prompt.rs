//! A line that one types into on the stage: a time to go to, or something to find.

use tui_input::Input;

use loopscope_timeline::{LaneId, Moment};

/// What the line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// A time.
    Time,
    /// A task or a printed line.
    Text,
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
    pub fn new(kind: PromptKind) -> Self {
        let says = match kind {
            PromptKind::Time => "a time: 3.4, 340ms, 1:30, 50%; +1 and -0.5 count from here",
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
    pub const fn title(&self) -> &'static str {
        match self.kind {
            PromptKind::Time => "go to:",
            PromptKind::Text => "find:",
        }
    }
}
