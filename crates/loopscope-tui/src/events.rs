//! What comes into the screen, what goes out of it, and what a surface can do.

use std::ffi::OsString;
use std::io;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use crate::keys::key::{Key, Mouse};
use crate::model::model::Model;
use crate::settings::settings::Exit;
use loopscope_protocol::reply::{Editing, Reply};
use loopscope_protocol::request::Request;

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

/// What the screen is drawn on.
pub trait Surface {
    /// Columns and rows now.
    fn size(&mut self) -> (u16, u16);
    /// Draws a frame.
    ///
    /// # Errors
    /// Where it cannot be written to.
    fn draw(&mut self, model: &Model) -> io::Result<()>;
    /// Sets everything anew; the next frame paints every cell.
    ///
    /// # Errors
    /// Where it cannot be written to.
    fn repaint(&mut self) -> io::Result<()>;
    /// Stops the process and sets everything anew when it goes on.
    ///
    /// # Errors
    /// Where it cannot be written to.
    fn suspend(&mut self) -> io::Result<()>;
    /// Gives the terminal to this command, waits for its end, and sets everything anew: `Ok(Err(_))`
    /// says in one sentence what went wrong with the command.
    ///
    /// # Errors
    /// Where the terminal cannot be written to.
    fn edit(&mut self, _command: &[OsString]) -> io::Result<Result<(), String>> {
        Ok(Err("there is no terminal to edit on".to_owned()))
    }
    /// Copies a text to the clipboard. Some terminals ignore it, and none says so.
    ///
    /// # Errors
    /// Where it cannot be written to.
    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
}

/// The two ends of the screen's channel; it is never closed while the loop runs.
#[derive(Debug)]
pub struct Channel {
    /// Cloned by every thread that has something to tell.
    pub sender: Sender<Message>,
    /// Read by the loop.
    pub receiver: Receiver<Message>,
}

impl Default for Channel {
    fn default() -> Self {
        let (sender, receiver) = std::sync::mpsc::channel();
        Self { sender, receiver }
    }
}
