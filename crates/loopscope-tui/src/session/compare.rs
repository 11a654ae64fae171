//! Two runs on one clock: what is compared, and the one playhead of both.

use std::time::Duration;

use crate::layout::axis::Page;
use crate::session::motion::Motion;
use crate::session::playhead::Playhead;
use crate::session::session::{Run, Session};
use crate::session::slow::{part, promised};
use loopscope_protocol::reply::Half;
use loopscope_timeline::{Moment, Timeline};
use loopscope_trace::{Clock, Nanos, Story};

/// Where one looks in both runs at once.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Head {
    /// At the newest moment of each.
    #[default]
    Edge,
    /// Standing.
    Paused(Nanos),
    /// Moving on from here.
    Playing(Nanos),
}

/// Two runs that are compared.
#[derive(Clone, Debug)]
pub struct Compare {
    /// What stands on the left and above, and what on the right and below.
    pub sides: [Session; 2],
    /// The playhead of both.
    pub head: Head,
    /// How fast one watches.
    pub play_speed: f64,
    /// Whether both are watched more slowly by themselves.
    motion: Motion,
    /// The side that keys go to.
    pub focus: usize,
    /// Whether the code is shown; `None` where there is room.
    pub code: Option<bool>,
    /// They run one after the other, because both compute.
    pub in_turn: bool,
}

/// Finds a place after or before a moment.
pub(crate) type Find = fn(&Timeline, Moment) -> Option<Moment>;

impl Compare {
    /// What was loaded, before anything has run.
    pub(crate) fn new(halves: [Half; 2], play_speed: f64) -> Self {
        let both_compute = halves.iter().all(|half| match half {
            Half::Scenario(story) => computes(story),
            Half::Recording(_) => false,
        });
        // It is over at once, and is watched from its start.
        let computed = halves.iter().any(|half| match half {
            Half::Scenario(story) => story.clock == Clock::Virtual,
            Half::Recording(_) => false,
        });
        let sides = halves.map(|half| match half {
            Half::Scenario(story) => Session::opened(*story, &[], play_speed),
            Half::Recording(trace) => Session::recorded(*trace, play_speed),
        });
        let mut compare = Self {
            sides,
            head: Head::Paused(Nanos::ZERO),
            play_speed,
            motion: Motion::at(play_speed),
            focus: 0,
            code: None,
            in_turn: both_compute || computed,
        };
        compare.follow();
        compare
    }

    /// The side whose run has this number.
    pub(crate) fn side_of(&self, number: u32) -> Option<usize> {
        self.sides
            .iter()
            .position(|side| side.run == Run::Number(number))
    }

    /// The furthest moment of either.
    pub(crate) fn end(&self) -> Nanos {
        let ends = self.sides.iter().map(|side| side.timeline.end());
        ends.max().unwrap_or_default()
    }

    /// Whether nothing more will arrive.
    pub(crate) fn over(&self) -> bool {
        self.sides.iter().all(Session::over)
    }

    /// Whether a side still waits for its turn.
    pub(crate) fn prepares(&self) -> bool {
        self.in_turn && !self.over()
    }

    /// The moment that is looked at.
    pub fn now(&self) -> Nanos {
        match self.head {
            Head::Edge => self.end(),
            Head::Paused(at) | Head::Playing(at) => at,
        }
    }

    /// Sets the playheads of both sides by the common one.
    pub fn follow(&mut self) {
        let furthest = self.now().max(self.sides[0].furthest);
        for side in &mut self.sides {
            side.play_speed = self.play_speed;
            side.furthest = furthest;
            let timeline = &side.timeline;
            side.playhead = match self.head {
                Head::Edge => Playhead::Edge,
                Head::Paused(at) | Head::Playing(at) if at >= timeline.end() && side.over() => {
                    Playhead::Edge
                }
                Head::Paused(at) => Playhead::Paused(timeline.moment_at(at)),
                Head::Playing(at) => Playhead::Playing(timeline.moment_at(at)),
            };
        }
    }

    /// Space: stands still, or moves on; at the end it begins again.
    pub(crate) fn toggle(&mut self) {
        self.head = match self.head {
            Head::Edge if self.over() => Head::Playing(Nanos::ZERO),
            Head::Edge => Head::Paused(self.now()),
            Head::Playing(at) => Head::Paused(at),
            Head::Paused(at) if at >= self.end() => Head::Playing(Nanos::ZERO),
            Head::Paused(at) => Head::Playing(at),
        };
        self.follow();
    }

    /// Moves to the nearest later place that `find` finds in either run; whether there was one.
    pub(crate) fn forward(&mut self, find: Find) -> bool {
        let now = self.now();
        let next = self.places(find).into_iter().flatten();
        let next = next.filter(|at| *at > now).min();
        let before = self.head;
        self.head = next.map_or(Head::Edge, Head::Paused);
        self.follow();
        before != self.head
    }

    /// Moves to the nearest earlier place; whether there was one.
    pub(crate) fn back(&mut self, find: Find) -> bool {
        let now = self.now();
        let places = self.places(find).into_iter().flatten();
        let place = places.filter(|at| *at < now).max();
        let before = self.head;
        self.head = Head::Paused(place.unwrap_or_default());
        self.follow();
        before != self.head
    }

    /// Where `find` leads to in each, to another time than now.
    fn places(&self, find: Find) -> [Option<Nanos>; 2] {
        let now = self.now();
        [0, 1].map(|side| {
            let timeline = &self.sides[side].timeline;
            let mut moment = timeline.moment_at(now);
            // Several events may share the moment that one stands at.
            loop {
                moment = find(timeline, moment)?;
                if moment.at != now {
                    return Some(moment.at);
                }
            }
        })
    }

    /// Moves on by `elapsed` of wall time.
    pub(crate) fn tick(&mut self, elapsed: Duration) {
        let Head::Playing(at) = self.head else {
            return;
        };
        let pace = self.watched() * self.run_speed();
        let next = at + Nanos::from_secs_f64(elapsed.as_secs_f64() * pace);
        let at = self.motion.entered(at, next).unwrap_or(next);
        self.head = if at < self.end() {
            Head::Playing(at)
        } else if self.motion.waits() {
            Head::Playing(self.end())
        } else {
            Head::Edge
        };
        if self.head == Head::Edge && !self.over() {
            self.play_speed = 1.0;
        }
        self.follow();
    }

    fn run_speed(&self) -> f64 {
        let speeds = self.sides.iter().map(Session::run_speed);
        speeds.fold(f64::INFINITY, f64::min)
    }

    /// Both begin to run: where both promise to be short, they are watched more slowly from the start.
    pub(crate) fn begin_slow(&mut self) {
        let stories = self.sides.iter().map(|side| side.timeline.story());
        let promised = stories.map(promised).max().unwrap_or_default();
        if let Some(speed) = self.motion.begin(promised, self.run_speed()) {
            self.head = Head::Playing(Nanos::ZERO);
            self.play_speed = speed;
        }
    }

    /// More of them is known.
    pub(crate) fn settle_slow(&mut self) {
        if !self.motion.by_itself {
            return;
        }
        let run_speed = self.run_speed();
        if !self.over() {
            let speed = self.motion.grow(self.end(), run_speed);
            self.play_speed = speed.unwrap_or(self.play_speed);
            return;
        }
        let follows = self.motion.slow.is_none() && self.head == Head::Edge;
        let [left, right] = [0, 1].map(|side| part(&self.sides[side].timeline));
        let both = (left.0.min(right.0), left.1.max(right.1));
        self.play_speed = self.motion.end(both, run_speed);
        if follows && self.motion.slow.is_some() {
            self.head = Head::Playing(Nanos::ZERO);
        }
    }

    /// A key has chosen how fast one watches.
    pub(crate) fn overrule(&mut self) {
        self.play_speed = self.watched();
        self.motion.by_itself = false;
    }

    /// How fast one watches at the playhead.
    fn watched(&self) -> f64 {
        self.motion.watched(self.play_speed, self.now())
    }

    /// The same in words.
    pub(crate) fn watched_in_words(&self) -> String {
        self.motion.in_words(self.play_speed, self.now())
    }

    /// The page of time that two runs fit on which are short, or which have been seen to their ends, while the playhead
    /// is on it.
    pub(crate) fn fitting_page(&self) -> Option<Page> {
        let now = self.now();
        let seen = self.over() && self.sides[0].furthest.max(now) >= self.end();
        let ends = [self.motion.last(), seen.then(|| self.end())];
        let mut pages = ends.into_iter().flatten().map(Page::fitting);
        pages.find(|page| page.reaches(now))
    }
}

/// Whether a run needs a processor for itself.
fn computes(story: &Story) -> bool {
    story.runtime.gil || story.steps.iter().any(|step| step.key == "cpu")
}
