//! What comes into the screen, and what goes out of it.

use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use crate::keys::key::{Key, Mouse};
use crate::settings::settings::Exit;
use loopscope_protocol::reply::{Editing, Reply};
use loopscope_protocol::request::Request;

/// One thing that happened. Keys and mouse arrive in our own words, so that nothing but
/// `terminal` names crossterm.
#[derive(Clone, Debug, PartialEq)]
pub enum ScreenEvent {
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

impl From<Reply> for ScreenEvent {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

/// One thing that is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The application is asked.
    Ask(Request),
    /// The terminal does it.
    Terminal(Terminal),
    /// Leave the screen.
    Quit(Exit),
}

/// What only the terminal can do.
#[derive(Clone, Debug, PartialEq)]
pub enum Terminal {
    /// Copy this text to its clipboard.
    Copy(String),
    /// Paint every cell again.
    Repaint,
    /// Stop the process, as Ctrl-Z does.
    Suspend,
    /// Be an editor's until it has ended.
    Edit(Editing),
}

/// The two ends of the screen's channel; it is never closed while the loop runs.
#[derive(Debug)]
pub struct Channel {
    /// Cloned by every thread that has something to tell.
    pub sender: Sender<ScreenEvent>,
    /// Read by the loop.
    pub receiver: Receiver<ScreenEvent>,
}

impl Default for Channel {
    fn default() -> Self {
        let (sender, receiver) = std::sync::mpsc::channel();
        Self { sender, receiver }
    }
}
