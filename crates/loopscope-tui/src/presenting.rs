//! A lecture: scenarios in an order, each with its panes and stops, and where one stands in it.

use std::time::Duration;

use super::effect::Effect;
use super::model::{Model, Opening};
use super::settings::AutoStop;
use super::view_parts::Panes;
use loopscope_timeline::{Cue as Said, LaneId, Timeline};
use loopscope_trace::Nanos;

/// Nobody reads faster than this.
const LETTER: Duration = Duration::from_millis(60);
/// Nobody finds a sentence faster than this.
const LEAST: Duration = Duration::from_secs(2);

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
    /// As [`super::port::Port::open`] takes it: an id or a path.
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

/// A playlist, and where one is in it.
#[derive(Clone, Debug, Default)]
pub struct Presenting {
    /// What is shown.
    pub playlist: Playlist,
    /// The place of the scenario that was opened last.
    pub at: usize,
    /// Whether it is the one that is open now: the menu may have opened another one.
    pub on: bool,
    /// Begins again behind the last one.
    pub again: bool,
    /// The big layout, where an item does not say.
    pub big: bool,
    /// The stop whose panes are shown; not yet known where it is `None`.
    pub dressed: Option<Option<usize>>,
    /// A lane that shall stand alone as soon as it appears.
    pub only: Option<String>,
}

impl Presenting {
    /// Before its first scenario.
    pub fn new(playlist: Playlist, again: bool, big: bool) -> Self {
        Self {
            playlist,
            again,
            big,
            ..Self::default()
        }
    }

    /// The scenario that was opened last.
    pub fn item(&self) -> Option<&Item> {
        self.playlist.items.get(self.at)
    }

    /// The place of the next one, where there is one.
    pub fn after(&self) -> Option<usize> {
        let count = self.playlist.items.len();
        match self.at + 1 {
            next if next < count => Some(next),
            _ => self.again.then_some(0),
        }
    }

    /// The next one, where there is one.
    pub fn next(&self) -> Option<&Item> {
        self.playlist.items.get(self.after()?)
    }

    /// `2 of 7`.
    pub fn place(&self) -> (usize, usize) {
        (self.at + 1, self.playlist.items.len())
    }
}

/// The view goes on by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Autoplay {
    /// How long it still stands; it does not stand by itself where it is `None`.
    pub left: Option<Duration>,
}

/// How long one needs to read a sentence that far away.
pub fn reading(words: &str) -> Duration {
    let letters = u32::try_from(words.chars().count()).unwrap_or(u32::MAX);
    LETTER.saturating_mul(letters).max(LEAST)
}

/// Where a lecture stands, for whoever speaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cue {
    /// Which scenario of how many, counted from 1; `None` without a playlist.
    pub place: Option<(usize, usize)>,
    /// The scenario's title.
    pub scenario: String,
    /// What the playlist has for the presenter about this scenario.
    pub notes: Option<String>,
    /// The stop that was reached last.
    pub here: Option<Stop>,
    /// The stop that comes next.
    pub next: Option<Stop>,
}

/// A stop, for whoever speaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stop {
    /// When it came; `None` where it has not come yet.
    pub at: Option<Nanos>,
    /// The sentence that is shown.
    pub say: String,
    /// What the playlist has for the presenter.
    pub notes: Option<String>,
}

/// Where the lecture stands. Without a playlist, the stops are the notes of the scenario.
pub fn cue(model: &Model) -> Cue {
    let lecture = model.lecture();
    let item = lecture.and_then(Presenting::item);
    let Some(session) = &model.session else {
        return Cue::default();
    };
    let timeline = &session.timeline;
    let here = timeline.cue_at(session.here());
    let cues: Vec<_> = timeline.cues().collect();
    let stop = |place: usize| {
        let (said, at) = cues.get(place)?;
        let planned = item.and_then(|item| item.stops.get(place));
        Some(Stop {
            at: at.map(|at| at.at),
            say: said.say.clone(),
            notes: planned.and_then(|planned| planned.notes.clone()),
        })
    };
    // Those that have come stand in their own order; behind them the first that has not.
    let later = cues.iter().enumerate();
    let later = later.filter_map(|(place, (_, at))| at.map(|at| (at, place)));
    let next = later.filter(|(at, _)| *at > session.here()).min();
    let next = next.map(|(_, place)| place);
    let waiting = || cues.iter().position(|(_, at)| at.is_none());
    Cue {
        place: lecture.map(Presenting::place),
        scenario: timeline.story().title.clone(),
        notes: item.and_then(|item| item.notes.clone()),
        here: here.and_then(stop),
        next: next.or_else(waiting).and_then(stop),
    }
}

/// The lane with this letter or name.
pub fn lane(timeline: &Timeline, called: &str) -> Option<LaneId> {
    let lanes = timeline.lanes().iter();
    let found = lanes.into_iter().find(|lane| {
        lane.letter == called
            || lane.name == called
            || format!("{} {}", lane.letter, lane.name) == called
    });
    found.map(|lane| lane.id)
}

impl Model {
    /// The playlist, while its scenario is the one that is open.
    pub fn lecture(&self) -> Option<&Presenting> {
        self.presenting.as_ref().filter(|lecture| lecture.on)
    }

    /// Wishes for the scenario at a place of the playlist.
    pub fn open_item(&mut self, place: usize) -> Vec<Effect> {
        let runs = self.session.as_ref().is_some_and(|session| session.runs());
        let Some(presenting) = &mut self.presenting else {
            return Vec::new();
        };
        let Some(item) = presenting.playlist.items.get(place) else {
            return Vec::new();
        };
        self.opening = Opening {
            knobs: item.knobs.clone(),
            autoplay: self.autoplay.is_some(),
            lecture: true,
        };
        let open = [Effect::Pace(item.speed), Effect::Open(item.run.clone())];
        presenting.at = place;
        let stop = runs.then_some(Effect::Stop);
        stop.into_iter().chain(open).collect()
    }
}
