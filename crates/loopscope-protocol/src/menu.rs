//! The rows of the menu, and what is known of them from earlier runs of the program.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::practice;
use crate::practice::Tries;
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

impl MenuEntry {
    /// Whether it is the next exercise of a topic.
    pub fn is_exercise(&self) -> bool {
        self.folder == practice::FOLDER
    }
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

    /// Whether a prediction was right; nothing where there was none.
    pub const fn right(self) -> Option<bool> {
        match self {
            Self::Seen => None,
            Self::Right => Some(true),
            Self::Wrong => Some(false),
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
    /// How exercises came out, by the rows of their topics.
    pub practice: Practice,
    /// The id of the scenario that was opened last.
    pub last: Option<String>,
    /// What is to be said at the start, one after the other.
    pub sentences: Vec<String>,
}

/// How exercises came out, by the ids of their topics' rows.
pub type Practice = BTreeMap<String, Tries>;

/// Takes in how a run came out: one more exercise of its topic, or a mark of its scenario.
pub fn ended(id: &str, mark: Mark, marks: &mut BTreeMap<String, Mark>, practice: &mut Practice) {
    if let Some((row, number)) = practice::parts(id) {
        let tries = practice.entry(row.to_owned()).or_default();
        return tries.add(number, mark.right());
    }
    let before = marks.get(id).copied();
    marks.insert(id.to_owned(), mark.after(before));
}

/// Gives each row of a topic the id of its next exercise.
pub fn number(rows: &mut [MenuEntry], practice: &Practice) {
    for entry in rows.iter_mut().filter(|entry| entry.is_exercise()) {
        let Some((row, number)) = practice::parts(&entry.id) else {
            continue;
        };
        let next = practice.get(row).map_or(number, |tries| tries.next);
        entry.id = format!("{row}-{next}");
    }
}

/// The exercise behind this one: of the next topic where topics are mixed, else of the same.
pub fn exercise_after(rows: &[MenuEntry], id: &str, mixed: bool) -> Option<String> {
    let (row, number) = practice::parts(id)?;
    let topics = rows.iter().filter(|entry| entry.is_exercise());
    let topics: Vec<&str> = topics
        .filter_map(|entry| Some(practice::parts(&entry.id)?.0))
        .collect();
    let place = topics.iter().position(|other| *other == row)?;
    let row = topics.get((place + usize::from(mixed)) % topics.len())?;
    Some(format!("{row}-{}", number.saturating_add(1)))
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
