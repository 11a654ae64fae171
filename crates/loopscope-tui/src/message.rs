//! Everything that can happen to the screen.

use std::time::Duration;

use crate::own::News;
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::{Half, Round};
use loopscope_timeline::{Point, Spread};
use loopscope_trace::{Batch, Story, Tally};

/// One thing that happened. Keys and mouse arrive in our own words, so that nothing but
/// `terminal` names crossterm.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// What the run with this number handed on.
    Batch {
        /// The number that was given to [`crate::port::Port::run`].
        run: u32,
        /// The events.
        batch: Batch,
    },
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
    /// Something that happened beside the screen, in one sentence.
    Tell(String),
    /// There is no terminal any more.
    InputLost,
    /// Hands were counted for the opened scenario, wherever that was done.
    Votes {
        /// The question, by its place in the story.
        question: usize,
        /// Before the discussion or after it.
        round: Round,
        /// Hands for each option.
        tally: Tally,
    },
    /// The answer to the wish to open a scenario.
    Opened(Result<Box<Story>, Problem>),
    /// The answer to the wish to run.
    Started {
        /// The number that the run was given.
        run: u32,
        /// Its story, or why there is none.
        result: Result<Box<Story>, Problem>,
    },
    /// So many runs of the opened scenario have been counted.
    Counted {
        /// The number that was given to [`crate::port::Port::run_many`].
        run: u32,
        /// What they came to so far.
        spread: Box<Spread>,
        /// No more will come.
        over: bool,
    },
    /// The answer to the wish for the story with other values of its knobs.
    Turned(Result<Box<Story>, Problem>),
    /// One of the runs with other values of a knob is over.
    Swept {
        /// The number that was given to [`crate::port::Port::run_each`].
        run: u32,
        /// What it came to; `None` where it did not come to its own end.
        point: Option<Point>,
    },
    /// The answer to the wish to compare two.
    Paired(Result<Box<[Half; 2]>, Problem>),
    /// The answer to the wish to run one half of the pair.
    HalfStarted {
        /// Which.
        side: usize,
        /// The number that the run was given.
        run: u32,
        /// Its story, or why there is none.
        result: Result<Box<Story>, Problem>,
    },
    /// The answer to the wish to send one more request: whether it went out.
    Sent(bool),
    /// Something about the person's own scenarios.
    Own(News),
    /// How tokio-console's door stands now.
    Console(ConsoleState),
    /// The answer to the wish to open tokio-console's door.
    ConsoleOpened(ConsoleState),
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
