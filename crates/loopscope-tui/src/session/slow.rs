//! A short run is no flash: it is watched slower by itself, while it goes on and when it is over.

use std::time::Duration;

use crate::layout::axis::Page;
use crate::session::playhead::{Playhead, by_events};
use crate::session::session::Session;
use crate::settings::settings::AutoStop;
use loopscope_timeline::Timeline;
use loopscope_trace::{Nanos, Step, Story};

/// What was predicted for so many times the run's length is far off.
const FAR: u64 = 3;

/// How long a run is at least, by the longest pause that its listing names, by when its clients come, and by what its
/// file expects.
pub(crate) fn promised(story: &Story) -> Nanos {
    let named = Step::longest_pause(&story.steps).unwrap_or_default();
    let asked = story.planned.iter().map(|planned| planned.at).max();
    let expected = story.expect.elapsed.filter(|_| story.is_as_written());
    let expected = expected.map_or(0.0, |range| range.from);
    Nanos::from_secs_f64(named.max(expected)).max(asked.unwrap_or_default())
}

/// From the first thing that the story does to the last one; to the run's end where something is left.
pub(crate) fn part(timeline: &Timeline) -> (Nanos, Nanos) {
    let live = timeline.live();
    let mut tasks = live.tasks.iter().filter(|task| task.role.is_story());
    let all =
        tasks.all(|task| task.ended.is_some()) && live.jobs.iter().all(|job| job.ended.is_some());
    let last = timeline.last_end().filter(|_| all);
    let to = last.unwrap_or(timeline.end());
    let took = timeline.elapsed().unwrap_or(to);
    (timeline.last_end().unwrap_or(to).since(took), to)
}

impl Session {
    /// A run begins: one that promises to be short is watched from its start, more slowly than it goes on.
    pub(crate) fn begin_slow(&mut self) {
        if self.timeline.story().watched.is_some() {
            self.motion.by_itself = false;
            return;
        }
        let promised = promised(self.timeline.story());
        if let Some(speed) = self.motion.begin(promised, self.run_speed()) {
            self.playhead = Playhead::Playing(Default::default());
            self.play_speed = speed;
        }
    }

    /// More of the run is known.
    pub(crate) fn settle_slow(&mut self) {
        if !self.motion.by_itself {
            return;
        }
        let run_speed = self.run_speed();
        if !self.over() {
            let speed = self.motion.grow(self.timeline.end(), run_speed);
            self.play_speed = speed.unwrap_or(self.play_speed);
            return;
        }
        let follows = self.motion.slow.is_none() && self.playhead == Playhead::Edge;
        self.play_speed = self.motion.end(part(&self.timeline), run_speed);
        if follows && self.motion.slow.is_some() {
            // It was over before one has seen anything.
            self.playhead = Playhead::Playing(Default::default());
        }
    }

    /// A key has chosen how fast one watches, or not to wait for what comes.
    pub(crate) fn overrule(&mut self) {
        self.play_speed = self.watched();
        self.motion.by_itself = false;
    }

    /// How fast one watches at the playhead.
    pub(crate) fn watched(&self) -> f64 {
        self.motion.watched(self.play_speed, self.here().at)
    }

    /// The same in words: `play 2x`, `play 1/20x, by itself`.
    pub(crate) fn watched_in_words(&self) -> String {
        if self.motion.slow.is_some_and(|slow| slow.is_one_moment()) {
            return "event by event".to_owned();
        }
        self.motion.in_words(self.play_speed, self.here().at)
    }

    /// Scenario seconds in a wall second at which the view moves on.
    pub(crate) fn pace(&self) -> f64 {
        self.run_speed() * self.watched()
    }

    /// Scenario seconds in a wall second of the run itself; 1 where a recording does not say.
    pub(crate) fn run_speed(&self) -> f64 {
        let speed = self.timeline.story().speed;
        if speed.is_finite() && speed > 0.0 {
            speed
        } else {
            1.0
        }
    }

    /// The page of time that a run fits on which is short, or which has been seen to its end, while the playhead is on
    /// it. What was predicted stays in sight, unless it is far off.
    pub(crate) fn fitting_page(&self) -> Option<Page> {
        if self.timeline.story().watched.is_some() {
            return None;
        }
        let here = self.here().at;
        let end = self.timeline.end();
        let seen = self.over() && self.furthest.max(here) >= end;
        let near = |said: &Nanos| said.0 / FAR <= end.0;
        let said = self.predicted_end().filter(near).unwrap_or_default();
        // Behind the part that was watched slower, the whole has to fit.
        let ends = [self.motion.last(), seen.then(|| end.max(said))];
        let mut pages = ends.into_iter().flatten().map(Page::fitting);
        pages.find(|page| page.reaches(here))
    }

    /// Moves the playhead on by `elapsed` wall time, where it plays.
    pub(crate) fn play_on(&mut self, elapsed: Duration, stops: AutoStop) {
        let (pace, before) = (self.pace(), self.here().at);
        let playing = matches!(self.playhead, Playhead::Playing(_));
        self.playhead = match (&mut self.motion.slow, self.playhead) {
            (Some(slow), Playhead::Playing(from)) if slow.is_one_moment() => {
                let speed = (elapsed, self.play_speed);
                let to = by_events(from, speed, &self.timeline, &mut slow.rest);
                let stop = stops.next(&self.timeline, from);
                let passed = |stop: &_| *stop <= to.moment(&self.timeline);
                stop.filter(passed).map_or(to, Playhead::Paused)
            }
            (_, head) => head.ticked(elapsed, pace, &self.timeline, stops),
        };
        let entered = self.motion.entered(before, self.here().at);
        if let Some(at) = entered.filter(|_| playing) {
            self.playhead = Playhead::Playing(self.timeline.moment_at(at));
        }
        if self.motion.waits() && self.playhead == Playhead::Edge {
            // It is still at its start: what comes next is not known yet.
            self.playhead = Playhead::Playing(self.timeline.last_moment());
        }
    }
}
