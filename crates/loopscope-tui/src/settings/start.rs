//! Where the screen starts, and why it was left.

use crate::settings::playlist::Playlist;
use loopscope_protocol::reply::Half;
use loopscope_trace::{Story, Trace};

/// Where the screen starts.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// At the menu.
    Menu,
    /// With a scenario that has been opened.
    Scenario {
        /// What it is about.
        story: Box<Story>,
        /// Values of knobs for the first run.
        knobs: Vec<(String, i64)>,
        /// Runs at once, with no question.
        autoplay: bool,
    },
    /// With the first scenario of a playlist.
    Present {
        /// What is shown, in its order.
        playlist: Box<Playlist>,
        /// It stands at each note, and goes on by itself.
        autoplay: bool,
        /// Begins again behind the last one.
        again: bool,
    },
    /// With two scenarios or recordings that have been opened, compared.
    Pair(Box<[Half; 2]>),
    /// With a recording, on the stage, at 0.00 s.
    Recording {
        /// What was recorded.
        trace: Box<Trace>,
        /// Plays at once.
        autoplay: bool,
    },
}

/// Why the screen was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// A key quit.
    Quit,
    /// A signal of this number ended it; the exit code is 128 + n.
    Signal(i32),
}

impl Exit {
    /// The exit code of the program.
    pub fn code(self) -> u8 {
        match self {
            Self::Quit => 0,
            Self::Signal(number) => u8::try_from(128 + number).unwrap_or(u8::MAX),
        }
    }
}
