//! What the command line decides about the screen: where it starts, and how it looks.

use super::presenting::Playlist;
use loopscope_timeline::{Moment, Timeline};
use loopscope_trace::{Language, Trace};

/// Where the screen starts.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// At the menu.
    Menu,
    /// With a scenario: an id or a path, as [`super::port::Port::open`] takes it.
    Scenario {
        /// Which.
        scenario: String,
        /// Values of knobs for the first run.
        knobs: Vec<(String, i64)>,
        /// Runs at once, with no question.
        autoplay: bool,
    },
    /// With the first scenario of a playlist.
    Present {
        /// What is shown, in its order.
        playlist: Box<Playlist>,
        /// Nobody presses a key: it stands at each note, and goes on.
        autoplay: bool,
        /// Begins again behind the last one.
        again: bool,
    },
    /// With two scenarios or recordings, compared.
    Pair([String; 2]),
    /// With a recording, on the stage, at 0.00 s.
    Recording {
        /// What was recorded.
        trace: Box<Trace>,
        /// Plays at once.
        autoplay: bool,
    },
}

/// Which palette to draw with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// Asks the terminal for its background once; dark where it does not answer.
    #[default]
    Auto,
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
    /// Black on white, for projectors.
    Projector,
    /// Bold and reverse only.
    Mono,
}

/// How the screen looks and begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The palette.
    pub theme: ThemeChoice,
    /// Draws with ASCII characters only.
    pub ascii: bool,
    /// Sends colors; false is the mono palette whatever `theme` says (`NO_COLOR`, `--color never`).
    pub color: bool,
    /// The language of the listing at the start.
    pub language: Language,
    /// How fast one watches at the start: 1 is the pace of the run.
    pub play_speed: f64,
    /// Starts with the big layout.
    pub big: bool,
    /// Asks the question before a scenario is run; without it the stage opens at once.
    pub asks: bool,
    /// The view stops by itself.
    pub auto_stop: AutoStop,
    /// Draws nothing that only moves: figures once a second, no frames in between.
    pub reduced_motion: bool,
}

/// Where the view stops by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AutoStop {
    /// Nowhere.
    #[default]
    Off,
    /// At each note.
    Notes,
    /// At each note, finding and printed line.
    All,
}

impl AutoStop {
    /// The next one on the round that a key makes.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Off => Self::Notes,
            Self::Notes => Self::All,
            Self::All => Self::Off,
        }
    }

    /// What it does, for the caption's place.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Off => "no longer stops by itself",
            Self::Notes => "stops by itself at each note; space goes on",
            Self::All => "stops by itself at each note, finding and printed line",
        }
    }

    /// Where it stops next.
    pub fn next(self, timeline: &Timeline, from: Moment) -> Option<Moment> {
        match self {
            Self::Off => None,
            Self::Notes => timeline.next_note(from),
            Self::All => timeline.next_stop(from),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::Auto,
            ascii: false,
            color: true,
            language: Language::Python,
            play_speed: 1.0,
            big: false,
            asks: true,
            auto_stop: AutoStop::Off,
            reduced_motion: false,
        }
    }
}

/// Why the screen was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Somebody quit.
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
