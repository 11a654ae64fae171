//! What the screen is drawn on, and the channel by which everything reaches it.

use std::ffi::OsString;
use std::io;
use std::sync::mpsc::{Receiver, Sender};

use crate::events::message::Message;
use crate::model::model::Model;

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
