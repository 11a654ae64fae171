//! The small values that a screen is told besides the timeline: mode, panes, key hints.

use super::axis::Page;
use super::model::Prompt;
use crate::timeline::explain::Why;

/// How one looks at the run, as keys have chosen it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look<'a> {
    /// The page of time; the usual one where it is `None`.
    pub zoom: Option<Page>,
    /// The pane by which the arrows move, by its digit; the tasks where it is `None`.
    pub focus: Option<u8>,
    /// Only the selected lane is shown.
    pub only: bool,
    /// The answer to "why?", while it is open.
    pub why: Option<&'a Why>,
    /// A line that one types into.
    pub prompt: Option<&'a Prompt>,
}

/// How the stage stands to the run that it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Nothing has been run yet: 0.00s, paused.
    #[default]
    BeforeRun,
    /// The playhead is at the live edge of a run that goes on.
    Live,
    /// The playhead moves through what has been recorded.
    Playing,
    /// The playhead stands; the run may go on.
    Paused,
    /// The run is over and the playhead is at its end.
    Ended,
    /// The trace was read from a file, and the playhead stands somewhere in it.
    Recorded,
}

/// Which panes are shown; they are numbered from 1 to 6 as on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Panes(u8);

impl Panes {
    /// The highest number.
    pub const LAST: u8 = 6;

    /// All six.
    pub const fn all() -> Self {
        Self(0b0111_1110)
    }

    /// Whether pane `number` is shown; false for a number that no pane has.
    pub const fn show(self, number: u8) -> bool {
        number >= 1 && number <= Self::LAST && self.0 & (1 << number) != 0
    }

    /// Whether the runtime's own counts stand in place of the lower panes.
    pub const fn metrics(self) -> bool {
        self.0 & (1 << 7) != 0
    }

    /// Shows or hides the runtime's own counts.
    #[must_use]
    pub const fn toggle_metrics(self) -> Self {
        Self(self.0 ^ (1 << 7))
    }

    /// Whether the lanes have the word of tokio-console beside them.
    pub const fn says(self) -> bool {
        self.0 & 1 != 0
    }

    /// Shows or hides the word of tokio-console.
    #[must_use]
    pub const fn toggle_says(self) -> Self {
        Self(self.0 ^ 1)
    }

    /// Shows what is hidden and hides what is shown; other numbers change nothing.
    #[must_use]
    pub const fn toggle(self, number: u8) -> Self {
        if number >= 1 && number <= Self::LAST {
            Self(self.0 ^ (1 << number))
        } else {
            self
        }
    }
}

impl Default for Panes {
    fn default() -> Self {
        Self::all()
    }
}

/// One entry of the last row: a key, and what it does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hint {
    /// As it is written: `space`, `, .`.
    pub key: &'static str,
    /// One or two words.
    pub does: &'static str,
}
