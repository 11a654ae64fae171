//! Where a lecture stands, and when frames and ticks are needed.

use std::time::Duration;

use crate::model::model::{Model, Redraw};
use crate::model::screen::{Presenting, Screen};
use crate::session::compare::Head;
use crate::session::playhead::Playhead;
use loopscope_protocol::menu::exercise_after;
use loopscope_protocol::path;
use loopscope_protocol::path::Next;
use loopscope_protocol::practice;
use loopscope_timeline::{LaneId, Timeline};
use loopscope_trace::Nanos;

/// Between two ticks while the playhead moves.
const MOVING: Duration = Duration::from_millis(33);

/// The same with reduced motion.
const REDUCED: Duration = Duration::from_secs(1);

/// The least time between two frames.
const FRAME: Duration = Duration::from_millis(33);

/// The least time between two frames that only move a figure: ten a second.
const FIGURES: Duration = Duration::from_millis(100);

/// Between two ticks while only a sentence waits to go.
const WAITING: Duration = Duration::from_millis(250);

impl Model {
    /// Asks for a frame, soon or now.
    pub(crate) fn ask_for(&mut self, redraw: Redraw) {
        self.redraw = self.redraw.max(redraw);
    }

    /// Asks for a frame because the view has moved on by itself.
    pub(crate) fn moved(&mut self) {
        self.ask_for(if self.reduced_motion {
            Redraw::Figures
        } else {
            Redraw::Now
        });
    }

    /// How long after a frame the next one may come; `None` while nothing has changed.
    pub fn pause(&self) -> Option<Duration> {
        match self.redraw {
            Redraw::No => None,
            Redraw::Figures if self.reduced_motion => Some(REDUCED),
            Redraw::Figures => Some(FIGURES),
            Redraw::Now => Some(FRAME),
        }
    }

    /// Between two ticks; `None` while nothing moves by itself.
    pub fn pace(&self) -> Option<Duration> {
        let playing = self.session.as_ref().is_some_and(|session| {
            matches!(session.playhead, Playhead::Playing(_)) && self.screen.shows_stage()
        });
        let compares = self.screen == Screen::Compare
            && matches!(&self.compare, Some(compare) if matches!(compare.head, Head::Playing(_)));
        if playing || compares {
            Some(if self.reduced_motion { REDUCED } else { MOVING })
        } else {
            let waits =
                self.notice.is_some() || (self.autoplay.is_some() && self.screen == Screen::Stage);
            waits.then_some(WAITING)
        }
    }
}

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
        *lane.letter == *called
            || *lane.name == *called
            || format!("{} {}", lane.letter, lane.name) == called
    });
    found.map(|lane| lane.id)
}

/// An exercise was opened: what follows it.
pub(crate) fn opened_exercise(model: &mut Model, id: &str) {
    let next = exercise_after(model.menu.entries(), id, model.exercises.mixed);
    model.exercises.follow(next);
}

impl Model {
    /// The id that the end screen offers: the next one of the playlist, or of the exercises, or on the path.
    pub fn next_id(&self) -> Option<&str> {
        if let Some(lecture) = self.lecture() {
            return lecture.next().map(|item| item.id.as_str());
        }
        let story = self.session.as_ref()?.timeline.story();
        if practice::parts(&story.id).is_some() {
            return self.exercises.next.as_deref();
        }
        let contrast = story.contrast.as_deref().filter(|id| self.menu.has(id));
        // Behind a file that is not in the list nothing follows by itself.
        let listed = self.menu.has(&story.id);
        let next = self.next().filter(|_| listed);
        let next = next.map(|next| next.entry.id.as_str());
        next.or_else(|| self.menu.after(&story.id)).or(contrast)
    }

    /// The scenario that comes next on the path, behind the one that is open, and why; nothing before the first mark.
    pub(crate) fn next(&self) -> Option<Next<'_>> {
        let session = self.session.as_ref();
        let open = session.map(|session| session.timeline.story().id.as_str());
        let begun = open.is_some() || !self.marks.is_empty();
        let next = path::next(self.menu.entries(), &self.marks, open);
        next.filter(|_| begun)
    }

    /// What the end screen offers, in a few words.
    pub(crate) fn next_words(&self) -> Option<String> {
        let id = self.next_id()?;
        let next = self.next().filter(|next| next.entry.id == id);
        Some(format!(
            "{id}{}",
            next.map_or_else(String::new, |next| next.why.short())
        ))
    }
}
