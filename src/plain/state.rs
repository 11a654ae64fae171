//! Where one is in the dialogue, and what a line leads to.

use std::collections::BTreeMap;

use loopscope_protocol::menu::{Mark, MenuEntry, Practice, Remember};
use loopscope_protocol::practice::Exercises;
use loopscope_trace::{Answers, Language, Story};

/// What a line leads to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Turn {
    /// What is said.
    pub(crate) lines: Vec<String>,
    /// What is to be done next.
    pub(crate) action: Option<Action>,
    /// What is to be kept beyond the end of the program.
    pub(crate) remember: Option<Remember>,
}

impl Turn {
    /// Says something, and asks for nothing.
    pub(crate) const fn say(lines: Vec<String>) -> Self {
        Self {
            lines,
            action: None,
            remember: None,
        }
    }

    pub(crate) fn sentence(line: impl Into<String>) -> Self {
        Self::say(vec![line.into()])
    }

    pub(crate) const fn action(lines: Vec<String>, action: Action) -> Self {
        Self {
            lines,
            action: Some(action),
            remember: None,
        }
    }
}

/// What is to be done before the next line is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    /// Load a scenario.
    Open(String),
    /// Run the one that is open.
    Run {
        /// Values of its knobs.
        knobs: Vec<(String, i64)>,
        /// What was said about its questions.
        answers: Answers,
    },
    /// Keep what was said after the run.
    Keep(Answers),
    /// End.
    Quit,
}

/// Where one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Among the folders and scenarios.
    Menu,
    /// Before the run, at the question with this number; behind the last one none is left.
    Before(usize),
    /// After the run, at the question with this number.
    Why(usize),
    /// After the run.
    End,
}

/// A scenario that is open.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) story: Story,
    pub(crate) knobs: Vec<(String, i64)>,
    pub(crate) answers: Answers,
}

/// The dialogue.
#[derive(Debug)]
pub(crate) struct Dialogue {
    pub(crate) menu: Vec<MenuEntry>,
    pub(crate) place: Place,
    pub(crate) open: Option<Opened>,
    /// The language of the code.
    pub(crate) language: Language,
    /// Every event is told, not the sentences of a narrator.
    pub(crate) all: bool,
    /// Questions are asked.
    pub(crate) asks: bool,
    /// What is known of scenarios from earlier.
    pub(crate) marks: BTreeMap<String, Mark>,
    /// How exercises came out, by topic.
    pub(crate) practice: Practice,
    /// What follows the exercise that is open.
    pub(crate) exercises: Exercises,
    /// What an empty line at the menu opens.
    pub(crate) next: Option<String>,
    /// Why it is this one, behind its name.
    pub(crate) why: String,
}
