//! A playlist: scenarios in an order, each with its panes and stops.

use crate::settings::panes::Panes;
use crate::settings::settings::AutoStop;
use loopscope_timeline::Cue as Said;

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
    pub cue: Said,
    /// The panes from here on; as before where it is `None`.
    pub panes: Option<Panes>,
    /// The one lane that is looked at up to the next stop.
    pub only: Option<String>,
    /// For the presenter.
    pub notes: Option<String>,
}
