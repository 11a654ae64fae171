//! Two runs on one clock: what is compared, and the one playhead of both.

use std::time::Duration;

use crate::layout::axis::Page;
use crate::session::playhead::{Playhead, Slow};
use crate::session::session::{Run, Session};
use crate::session::slow::{CATCHES_UP, SHORT, part, play_words, promised};
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
    /// No key has chosen how fast one watches.
    by_itself: bool,
    /// Both runs are short, and are watched slower by themselves.
    slow: Option<Slow>,
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
            by_itself: play_speed == 1.0,
            slow: None,
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
        let slow = self.slow.filter(|_| self.by_itself);
        let at = slow.and_then(|slow| slow.entered(at, next)).unwrap_or(next);
        let waits = self.by_itself && self.slow.is_some_and(|slow| !slow.known);
        self.head = if at < self.end() {
            Head::Playing(at)
        } else if waits {
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
        let promises = self
            .sides
            .iter()
            .map(|side| promised(side.timeline.story()));
        let promised = promises.max().unwrap_or_default();
        self.slow = None;
        if self.by_itself && promised < SHORT {
            self.slow = Some(Slow::new(Nanos::ZERO, promised, false));
            self.head = Head::Playing(Nanos::ZERO);
            self.set_slow_speed();
        }
    }

    /// More of them is known.
    pub(crate) fn settle_slow(&mut self) {
        if !self.by_itself {
            return;
        }
        if self.over() {
            let follows = self.slow.is_none() && self.head == Head::Edge;
            let [left, right] = [0, 1].map(|side| part(&self.sides[side].timeline));
            let (from, to) = (left.0.min(right.0), left.1.max(right.1));
            self.slow = (to.since(from) < SHORT).then(|| Slow::new(from, to, true));
            self.set_slow_speed();
            if follows && self.slow.is_some() {
                self.head = Head::Playing(Nanos::ZERO);
            }
        } else if self.slow.is_some() && self.end() >= SHORT {
            self.slow = None;
            self.play_speed = CATCHES_UP;
        } else if let Some(slow) = self.slow {
            let to = slow.to.max(self.end());
            self.slow = Some(Slow { to, ..slow });
            self.set_slow_speed();
        }
    }

    fn set_slow_speed(&mut self) {
        let speed = self.slow.map(|slow| slow.speed(self.run_speed()));
        self.play_speed = speed.unwrap_or(1.0);
    }

    /// A key has chosen how fast one watches.
    pub(crate) fn overrule(&mut self) {
        self.play_speed = self.watched();
        self.by_itself = false;
    }

    /// How fast one watches at the playhead.
    fn watched(&self) -> f64 {
        let outside = |slow: Slow| slow.known && !slow.holds(self.now());
        match self.slow {
            Some(slow) if self.by_itself && outside(slow) => 1.0,
            _ => self.play_speed,
        }
    }

    /// The same in words.
    pub(crate) fn watched_in_words(&self) -> String {
        let slower = self.by_itself && self.slow.is_some() && self.watched() != 1.0;
        play_words(self.watched()) + if slower { ", by itself" } else { "" }
    }

    /// The page of time that two runs fit on which are short, or which have been seen to their ends, while the playhead
    /// is on it.
    pub(crate) fn fitting_page(&self) -> Option<Page> {
        let now = self.now();
        let short = self.slow.filter(|slow| slow.known).map(|slow| slow.to);
        let seen = self.over() && self.sides[0].furthest.max(now) >= self.end();
        let page = Page::fitting(short.or(seen.then(|| self.end()))?);
        page.reaches(now).then_some(page)
    }
}

/// Whether a run needs a processor for itself.
fn computes(story: &Story) -> bool {
    story.runtime.gil || story.steps.iter().any(|step| step.key == "cpu")
}
