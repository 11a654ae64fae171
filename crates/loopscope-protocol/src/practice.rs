//! Exercises in the menu and in the progress: a row a topic, and how many were right.

/// How the id of a row begins: `practice-loop`; an exercise's has its number behind it: `practice-loop-17`.
pub const PREFIX: &str = "practice-";

/// The title of the folder.
pub const FOLDER: &str = "practice";

/// How the exercises of one topic came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// Predicted right.
    pub right: u32,
    /// Predicted wrong.
    pub wrong: u32,
    /// The number of the exercise that is next.
    pub next: u64,
}

impl Tries {
    /// Takes in whether the exercise with this number was predicted right; nothing where it was not predicted.
    pub fn add(&mut self, number: u64, right: Option<bool>) {
        // What was run again is known by now.
        let next = number.saturating_add(1);
        if next == self.next {
            return;
        }
        match right {
            None => {}
            Some(true) => self.right = self.right.saturating_add(1),
            Some(false) => self.wrong = self.wrong.saturating_add(1),
        }
        self.next = next;
    }

    /// `3 of 4 right`; nothing before the first prediction.
    pub fn words(self) -> Option<String> {
        let all = self.right.saturating_add(self.wrong);
        (all > 0).then(|| format!("{} of {all} right", self.right))
    }
}

/// What follows the exercise that is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exercises {
    /// Each is of another topic; else all are of one.
    pub mixed: bool,
    /// How many are still to be opened; without an end where it is not told.
    pub left: Option<u32>,
    /// The id of the next one.
    pub next: Option<String>,
}

impl Exercises {
    /// Something was opened: an exercise with one behind it, or no exercise.
    pub fn follow(&mut self, next: Option<String>) {
        if next.is_some() {
            self.left = self.left.map(|left| left.saturating_sub(1));
        }
        self.next = next.filter(|_| self.left != Some(0));
    }
}

/// The row and the number in the id of an exercise.
pub fn parts(id: &str) -> Option<(&str, u64)> {
    let (row, number) = id.rsplit_once('-')?;
    let topic = row.strip_prefix(PREFIX)?;
    (!topic.is_empty() && number.starts_with(|first: char| first.is_ascii_digit()))
        .then(|| Some((row, number.parse().ok()?)))?
}
