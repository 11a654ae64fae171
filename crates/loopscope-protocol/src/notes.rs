//! The presenter's page: what is known at the playhead, as words.

use serde::{Deserialize, Serialize};

/// What the one who presents may read at this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Page {
    /// The scenario's number: `02`; empty where it has none.
    pub number: String,
    /// The scenario's title; empty where none is open.
    pub title: String,
    /// Which scenario of a playlist it is: `2 of 7`; empty outside a lecture.
    pub lecture: String,
    /// What the class sees: `menu`, `question`, `stage`.
    pub place: String,
    /// Where the playhead is; `None` where there is none.
    pub playhead: Option<Playhead>,
    /// What the playlist has for the one who presents: about the scenario, about the stop.
    pub own: Vec<String>,
    /// The note at the playhead; one of each run where two are compared.
    pub notes: Vec<String>,
    /// What goes on, or what the class is asked to look at: a sentence or two, of each run.
    pub captions: Vec<String>,
    /// What comes next, the nearest first.
    pub next: Vec<Ahead>,
    /// How much remains: `2 notes to come, 5 stops recorded`; empty where nothing does.
    pub left: String,
    /// The questions of this place, with their answers.
    pub questions: Vec<Asked>,
    /// What to change in one's own code, and where the real program differs; after the run only.
    pub remedies: Vec<String>,
    /// What follows: the scenario that the end of the run leads to.
    pub then: String,
}

/// Where the playhead is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Playhead {
    /// `before the run`, `live`, `playing`, `paused`, `ended`.
    pub mode: String,
    /// `3.40s`.
    pub at: String,
    /// `7.12s`: how far the run has come, where that is not the same.
    pub of: Option<String>,
}

/// Something that will be said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ahead {
    /// `stop at 5.00s`, `first blocked-loop`.
    pub when: String,
    /// The sentence.
    pub say: String,
}

/// A question, for the one who knows the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The question.
    pub ask: String,
    /// Whether it is asked after the run: why it came so.
    pub after: bool,
    /// The answers, in the order of the screen.
    pub options: Vec<Offered>,
    /// The answer in words, where no option is it: lines in their order, a number.
    pub answer: Option<String>,
    /// What was said at the keys, the first answer first.
    pub said: Vec<String>,
    /// All votes of each round.
    #[serde(rename = "hands")]
    pub votes: Vec<u32>,
}

/// An answer to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Offered {
    /// Its words.
    pub say: String,
    /// Whether it is the right one.
    pub right: bool,
    /// What is said where this option was chosen.
    pub reply: Option<String>,
    /// Votes for it in each round.
    #[serde(rename = "hands")]
    pub votes: Vec<u32>,
}

impl Playhead {
    /// `paused 3.40s of 7.12s`.
    pub fn words(&self) -> String {
        match &self.of {
            Some(of) => format!("{} {} of {of}", self.mode, self.at),
            None => format!("{} {}", self.mode, self.at),
        }
    }
}

/// The few keys that a terminal with the notes passes on to the screen that presents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotesKey {
    /// On to what comes next.
    PageDown,
    /// Back.
    PageUp,
    /// Runs, stops, goes on.
    Space,
    /// The next note.
    N,
}
