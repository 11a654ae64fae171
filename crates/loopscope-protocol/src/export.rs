//! What can be exported, and what was.

use loopscope_trace::Trace;

/// What a scenario can be exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A program.
    Python,
    /// A program.
    Rust,
    /// A run as lines.
    Text,
    /// What the screen shows, as a picture.
    Svg,
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
    /// What the screen has drawn, for a picture.
    pub drawn: Option<Drawn>,
}

/// A picture that the screen has drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// What its file is called, without an ending.
    pub name: String,
    /// The SVG file.
    pub svg: String,
}

/// A file was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Where it is.
    pub path: String,
    /// What to type next.
    pub next: String,
}
