//! Our own scenarios, embedded; in learning order.

use super::FileName;

/// A scenario that can be picked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its name, number, folder, path.
    pub file: FileName,
    /// One line.
    pub title: String,
    /// The question.
    pub asks: String,
    /// The id of the scenario that it goes with.
    pub contrast: Option<String>,
    /// The TOML text.
    pub source: String,
    /// Number, id, title, question, listings and expected output in lower case.
    pub search: String,
}

/// All of ours.
pub fn all() -> Vec<Entry> {
    Vec::new()
}

/// One of ours by id, or by number.
pub fn find(_id: &str) -> Option<Entry> {
    None
}

/// The id that looks most like `id`, for "did you mean".
pub fn closest(_id: &str) -> Option<String> {
    None
}
