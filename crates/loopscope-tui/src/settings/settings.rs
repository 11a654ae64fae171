//! How the screen looks and behaves, as the settings decide it.

use loopscope_timeline::{Moment, Timeline};
use loopscope_trace::Language;

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
