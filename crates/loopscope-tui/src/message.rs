//! Everything that can happen to the screen.

use std::time::Duration;

use loopscope_protocol::notes::NotesKey;
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
    /// So much wall time went by since the last tick; only sent while something moves.
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

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which.
    pub code: KeyCode,
    /// Ctrl is held.
    pub control: bool,
    /// Alt is held.
    pub alt: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            control: false,
            alt: false,
        }
    }

    /// A character without modifiers.
    pub const fn char(character: char) -> Self {
        Self::plain(KeyCode::Char(character))
    }
}

impl From<NotesKey> for Key {
    fn from(key: NotesKey) -> Self {
        Self::plain(match key {
            NotesKey::PageDown => KeyCode::PageDown,
            NotesKey::PageUp => KeyCode::PageUp,
            NotesKey::Space => KeyCode::Char(' '),
            NotesKey::N => KeyCode::Char('n'),
        })
    }
}

/// The keys that we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyCode {
    /// A character, upper case with shift.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and tab.
    BackTab,
    /// Deletes to the left.
    Backspace,
    /// Deletes to the right.
    Delete,
    /// Arrow.
    Left,
    /// Arrow.
    Right,
    /// Arrow.
    Up,
    /// Arrow.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// What the mouse did, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What.
    pub kind: MouseKind,
    /// From the left, counted from 0.
    pub column: u16,
    /// From the top, counted from 0.
    pub row: u16,
}

/// What the mouse can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Press,
    /// It moved while the left button was down.
    Drag,
    /// The wheel turned away from the user.
    ScrollUp,
    /// The wheel turned towards the user.
    ScrollDown,
    /// The wheel was tilted to the left, or turned away with Shift.
    ScrollLeft,
    /// The wheel was tilted to the right, or turned towards the user with Shift.
    ScrollRight,
}
