//! What the screen asks of the world outside; `cli/wire` answers.

use std::sync::mpsc::Sender;

use super::message::Message;
use crate::trace::Story;

/// A row of the menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Everything that a search may hit, in lower case.
    pub search: String,
}

/// Why a wish could not be granted, in one sentence, and in full (diagnostics) where there is more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// One sentence for the status line.
    pub sentence: String,
    /// All lines, for a panel; may be empty.
    pub details: Vec<String>,
}

/// What the screen asks for. Batches of a run arrive as [`Message::Batch`] on the sender.
pub trait Port {
    /// All scenarios in learning order.
    fn menu(&mut self) -> Vec<MenuEntry>;
    /// Loads a scenario (an id or a path) and gives its story; nothing runs yet.
    ///
    /// # Errors
    /// Where there is no such scenario or its file has mistakes.
    fn open(&mut self, scenario: &str) -> Result<Story, Problem>;
    /// Runs the opened scenario with these knobs; a run that goes on is stopped first. The number
    /// comes back with each message of the run, so that a late one of an older run is ignored.
    ///
    /// # Errors
    /// Where the runtime cannot be started or a knob's value does not fit.
    fn run(
        &mut self,
        number: u32,
        knobs: &[(String, i64)],
        messages: Sender<Message>,
    ) -> Result<Story, Problem>;
    /// Sends one more real request into the run.
    fn send_request(&mut self) -> bool;
    /// Stops the run, if one goes on; returns at once.
    fn stop(&mut self);
}
