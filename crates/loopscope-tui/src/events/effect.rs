//! What `update` asks for: the only way in which a key reaches the world outside.

use crate::settings::start::Exit;
use loopscope_protocol::request::Request;
use loopscope_protocol::user_files::Editing;

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
