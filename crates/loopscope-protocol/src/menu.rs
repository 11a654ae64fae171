//! The rows of the menu, and what is known of them from earlier runs of the program.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::search::Searched;
use loopscope_trace::Story;

/// A row of the menu.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MenuEntry {
    /// `blocking-sleep`.
    pub id: String,
    /// `02`.
    pub number: String,
    /// The folder's title: `the loop`.
    pub folder: String,
    /// One line.
    pub title: String,
    /// The question.
    pub asks: String,
    /// The scenario that it goes with.
    pub contrast: Option<String>,
    /// What it is; `None` for a file that cannot be read.
    pub story: Option<Arc<Story>>,
    /// Everything that a search may hit.
    pub search: Searched,
}

/// What is remembered of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Run to its end without a prediction.
    Seen,
    /// Predicted, and it came so.
    Right,
    /// Predicted, and it came otherwise.
    Wrong,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Seen, Self::Right, Self::Wrong];

    /// Its words, on the screen and in files.
    pub fn words(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Right => "predicted right",
            Self::Wrong => "predicted wrong",
        }
    }

    /// What stands after this run: watching once more does not take a prediction back.
    pub fn after(self, before: Option<Self>) -> Self {
        match (self, before) {
            (Self::Seen, Some(before)) => before,
            _ => self,
        }
    }
}

/// What is known from earlier runs of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How scenarios stand, by their ids.
    pub marks: BTreeMap<String, Mark>,
    /// The id of the scenario that was opened last.
    pub last: Option<String>,
    /// What is to be said at the start, one after the other.
    pub sentences: Vec<String>,
}

/// Something that is to outlive the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remember {
    /// The scenario with this id was opened.
    Opened(String),
    /// A run came to its own end.
    Ended {
        /// The scenario's id.
        scenario: String,
        /// How this run came out.
        mark: Mark,
        /// What was predicted, in words.
        prediction: Option<String>,
    },
}
