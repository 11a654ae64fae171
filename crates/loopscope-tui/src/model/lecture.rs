//! Where a lecture stands: the stop that was reached, and the one that comes.

use crate::model::model::Model;
use crate::model::presenting::Presenting;
use loopscope_timeline::{LaneId, Timeline};
use loopscope_trace::Nanos;

/// Where a lecture is, for the presenter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LecturePosition {
    /// Which scenario of how many, counted from 1; `None` without a playlist.
    pub place: Option<(usize, usize)>,
    /// The scenario's title.
    pub scenario: String,
    /// What the playlist has for the presenter about this scenario.
    pub notes: Option<String>,
    /// The stop that was reached last.
    pub here: Option<LectureStop>,
    /// The stop that comes next.
    pub next: Option<LectureStop>,
}

/// A stop, with what the presenter may say there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LectureStop {
    /// When it came; `None` where it has not come yet.
    pub at: Option<Nanos>,
    /// The sentence that is shown.
    pub say: String,
    /// What the playlist has for the presenter.
    pub notes: Option<String>,
}

/// Where the lecture stands. Without a playlist, the stops are the notes of the scenario.
pub fn position(model: &Model) -> LecturePosition {
    let lecture = model.lecture();
    let item = lecture.and_then(Presenting::item);
    let Some(session) = &model.session else {
        return LecturePosition::default();
    };
    let timeline = &session.timeline;
    let here = timeline.cue_at(session.here());
    let cues: Vec<_> = timeline.cues().collect();
    let stop = |place: usize| {
        let (said, at) = cues.get(place)?;
        let planned = item.and_then(|item| item.stops.get(place));
        Some(LectureStop {
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
    LecturePosition {
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
