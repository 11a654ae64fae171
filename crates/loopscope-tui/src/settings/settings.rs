//! What is decided before the screen opens, where it begins and how it ends.

use crate::settings::panes::Panes;
use crate::text::theme::Palette;
use loopscope_protocol::reply::Half;
use loopscope_timeline::{Cue, Moment, Timeline};
use loopscope_trace::{Language, Story, Trace};

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
    pub(crate) const fn turned(self) -> Self {
        match self {
            Self::Off => Self::Notes,
            Self::Notes => Self::All,
            Self::All => Self::Off,
        }
    }

    /// What it does, for the caption's place.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::Off => "no longer stops by itself",
            Self::Notes => "stops by itself at each note; space goes on",
            Self::All => "stops by itself at each note, finding and printed line",
        }
    }

    /// Where it stops next.
    pub(crate) fn next(self, timeline: &Timeline, from: Moment) -> Option<Moment> {
        match self {
            Self::Off => None,
            Self::Notes => timeline.next_note(from),
            Self::All => timeline.next_stop(from),
        }
    }
}

impl Settings {
    /// The palette; `None` where the terminal has to be asked.
    pub(crate) const fn palette(&self) -> Option<Palette> {
        Some(match self.theme {
            _ if !self.color => Palette::Mono,
            ThemeChoice::Mono => Palette::Mono,
            ThemeChoice::Dark => Palette::Dark,
            ThemeChoice::Light => Palette::Light,
            ThemeChoice::Projector => Palette::Projector,
            ThemeChoice::Auto => return None,
        })
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

/// What is shown, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Playlist {
    /// The lecture's title.
    pub title: String,
    /// Its scenarios, at least one.
    pub items: Vec<Item>,
}

/// A scenario of a playlist.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// An id or a path.
    pub run: String,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Values of knobs.
    pub knobs: Vec<(String, i64)>,
    /// Scenario seconds in a wall second; its own where it is `None`.
    pub speed: Option<f64>,
    /// The panes that it begins with; those of the scenario before where it is `None`.
    pub panes: Option<Panes>,
    /// The big layout.
    pub big: Option<bool>,
    /// Whether its question is asked.
    pub ask: Option<bool>,
    /// Where the view stops by itself; at each note where it is `None`.
    pub auto_stop: Option<AutoStop>,
    /// The one lane that is looked at, by its letter or name.
    pub only: Option<String>,
    /// For the presenter.
    pub notes: Option<String>,
    /// Stops in place of the scenario's own notes; the notes where there is none.
    pub stops: Vec<PlannedStop>,
}

/// A stop that a playlist plans.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedStop {
    /// When, and what is said; a note's sentence where it says nothing of its own.
    pub cue: Cue,
    /// The panes from here on; as before where it is `None`.
    pub panes: Option<Panes>,
    /// The one lane that is looked at up to the next stop.
    pub only: Option<String>,
    /// For the presenter.
    pub notes: Option<String>,
}

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
    /// With the first of some exercises, which has been opened.
    Exercise {
        /// What it is about.
        story: Box<Story>,
        /// Each is of another topic.
        mixed: bool,
        /// How many there are; without an end where it is not told.
        count: Option<u32>,
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
