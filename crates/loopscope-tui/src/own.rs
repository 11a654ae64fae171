//! What the screen and the world outside say to one another about a person's own scenarios: the
//! menu read anew, an editor, a file that was saved, exports.

use std::ffi::OsString;

use crate::effect::{Effect, Outcome};
use crate::message::Message;
use crate::port::{MenuEntry, Port, Problem};
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

/// What the screen wishes for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// The rows of the menu, read anew; the cursor goes to this id where one is given.
    List(Option<String>),
    /// An editor for this scenario; for what is open where it is `None`.
    Edit(Option<String>),
    /// The terminal for an editor; only the surface can give it.
    Start(Editing),
    /// The file of what is open, read again.
    Reload,
    /// What this scenario can be exported to; what is open where it is `None`.
    Offers(Option<String>),
    /// A file.
    Export(Export),
}

/// What the screen is told.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The rows of the menu, and where the cursor is to go.
    Listed(Vec<MenuEntry>, Option<String>),
    /// An editor has ended: what was edited, and what is to be said where it did not end well.
    Edited(Editing, Result<(), String>),
    /// No editor was started.
    NotEdited(Problem),
    /// The file of what is open has changed.
    Saved,
    /// The file of what is open cannot be watched, for this reason.
    Unwatched(String),
    /// The file of what is open was read again.
    Reloaded(Result<Reloaded, Problem>),
    /// What can be exported.
    Offered(Result<Offers, Problem>),
    /// A file was written, or not.
    Exported(Result<Exported, Problem>),
}

/// Asks the port; an editor is handed to the surface.
pub(crate) fn perform(wish: Wish, port: &mut dyn Port) -> Outcome {
    let news = match wish {
        Wish::List(go_to) => News::Listed(port.menu(), go_to),
        Wish::Edit(scenario) => match port.edit(scenario.as_deref()) {
            Ok(editing) => return Outcome::Surface(Effect::Own(Wish::Start(editing))),
            Err(problem) => News::NotEdited(problem),
        },
        start @ Wish::Start(_) => return Outcome::Surface(Effect::Own(start)),
        Wish::Reload => News::Reloaded(port.reload()),
        Wish::Offers(scenario) => News::Offered(port.offers(scenario.as_deref())),
        Wish::Export(export) => News::Exported(port.export(&export)),
    };
    Outcome::Answer(Message::Own(news))
}
