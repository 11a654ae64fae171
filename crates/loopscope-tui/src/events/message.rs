//! Everything that can happen to the screen.

use std::time::Duration;

use crate::keys::key::{Key, Mouse};
use loopscope_protocol::reply::Reply;
use loopscope_protocol::user_files::Editing;

/// One thing that happened. Keys and mouse arrive in our own words, so that nothing but
/// `terminal` names crossterm.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A key was pressed, or repeats because it is held.
    Key(Key),
    /// The mouse was pressed or its wheel turned.
    Mouse(Mouse),
    /// Text was pasted.
    Paste(String),
    /// The terminal has this size now.
    Resize {
        /// Cells in a row.
        columns: u16,
        /// Rows.
        rows: u16,
    },
    /// Wall time went by since the last tick; only sent while something moves.
    Tick {
        /// How much.
        elapsed: Duration,
    },
    /// The process is to be stopped, as by Ctrl-Z.
    Suspend,
    /// The process may have been stopped and goes on: paint everything again.
    Resumed,
    /// A signal asks the program to end.
    Signal(i32),
    /// A thread that is not the screen's has panicked; this is its sentence.
    Panicked(String),
    /// There is no terminal any more.
    InputLost,
    /// An editor has ended: what was edited, and what is to be said where it did not end well.
    Edited(Editing, Result<(), String>),
    /// The application tells something.
    Reply(Reply),
}

impl From<Reply> for Message {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}
