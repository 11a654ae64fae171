//! A user's own files: an editor, a scenario read again, an export.

use std::ffi::OsString;

use loopscope_trace::{Story, Trace};

/// What an editor is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editing {
    /// The words of the command; the file is the last one.
    pub command: Vec<OsString>,
    /// The file, as a sentence names it.
    pub file: String,
    /// The id of the scenario that is edited, as the menu has it.
    pub id: String,
    /// It is the person's copy of one of ours.
    pub copy: bool,
}

/// What reading a file again came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Reloaded {
    /// It says what it said.
    Same,
    /// It says something else, and is right.
    New(Box<Story>),
}

/// What a scenario can be exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A program.
    Python,
    /// A program.
    Rust,
    /// A run as lines.
    Text,
}

/// A row of the export panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it is exported to.
    pub form: Form,
    /// The name of the file that would be made.
    pub file: String,
    /// What it is, or why there is none.
    pub about: String,
    /// It can be written.
    pub possible: bool,
}

/// What can be exported, and to where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// The scenario's name.
    pub name: String,
    /// The folder that the file goes to.
    pub folder: String,
    /// One a form.
    pub rows: Vec<Offer>,
}

/// What is to be exported.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// An id of the menu; what is open where it is `None`.
    pub scenario: Option<String>,
    /// To what.
    pub form: Form,
    /// The knobs as they stand.
    pub knobs: Vec<(String, i64)>,
    /// The run on the screen, for a text.
    pub run: Option<Box<Trace>>,
}

/// A file was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Where it is.
    pub path: String,
    /// What to type next.
    pub next: String,
}
