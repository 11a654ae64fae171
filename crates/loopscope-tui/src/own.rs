//! What the screen and the world outside say to one another about a person's own scenarios: the
//! menu read anew, an editor, a file that was saved, exports.

use crate::effect::{Effect, Outcome};
use crate::message::Message;
use crate::port::Port;
use loopscope_protocol::menu::MenuEntry;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::user_files::{Editing, Export, Exported, Offers, Reloaded};

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
