//! Where one looks: at the live edge, or at a moment of what is recorded.

use std::time::Duration;

use crate::settings::settings::AutoStop;
use loopscope_timeline::{Moment, Timeline};
use loopscope_trace::Nanos;

/// How fast one may watch, slowest first; 1 is the pace at which it happened.
pub(crate) const SPEEDS: [f64; 22] = [
    0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1,
    0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0,
];

/// How long, in seconds, one watches a short run at least; never twice as long.
const WATCHED: f64 = 5.0;

/// Where one looks. Moving it never touches the run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Playhead {
    /// At the newest moment: live while the run goes on, its end afterwards.
    #[default]
    Edge,
    /// Standing.
    Paused(Moment),
    /// Moving on from here.
    Playing(Moment),
}

impl Playhead {
    /// The moment that it is at.
    pub fn moment(self, timeline: &Timeline) -> Moment {
        match self {
            Self::Edge => timeline.last_moment(),
            Self::Paused(moment) | Self::Playing(moment) => moment,
        }
    }

    /// Space: stands still, or moves on from where it stands; at the end of a run that is `over`
    /// it begins again.
    #[must_use]
    pub fn toggled(self, timeline: &Timeline, over: bool) -> Self {
        match self {
            Self::Edge if over => Self::Playing(Moment::default()),
            Self::Edge => Self::Paused(timeline.last_moment()),
            Self::Playing(moment) => Self::Paused(moment),
            Self::Paused(moment) => Self::Playing(moment),
        }
    }

    /// The same after `elapsed` wall time. `pace` is scenario seconds in a wall second; with
    /// `stops` it stands still at the next of these on its way.
    #[must_use]
    pub fn ticked(
        self,
        elapsed: Duration,
        pace: f64,
        timeline: &Timeline,
        stops: AutoStop,
    ) -> Self {
        let Self::Playing(moment) = self else {
            return self;
        };
        let at = moment.at + Nanos::from_secs_f64(elapsed.as_secs_f64() * pace);
        if let Some(stop) = stops.next(timeline, moment)
            && stop.at <= at
        {
            return Self::Paused(stop);
        }
        if at >= timeline.end() {
            return Self::Edge;
        }
        Self::Playing(timeline.moment_at(at))
    }

    /// Standing at the next place that `step` finds; where it finds none it stands at the edge.
    #[must_use]
    pub(crate) fn forward(
        self,
        timeline: &Timeline,
        step: fn(&Timeline, Moment) -> Option<Moment>,
    ) -> Self {
        step(timeline, self.moment(timeline)).map_or(Self::Edge, Self::Paused)
    }

    /// Standing at the place before, which `step` finds; where it finds none, at the start.
    #[must_use]
    pub(crate) fn back(
        self,
        timeline: &Timeline,
        step: fn(&Timeline, Moment) -> Option<Moment>,
    ) -> Self {
        Self::Paused(step(timeline, self.moment(timeline)).unwrap_or_default())
    }
}

/// How a short run is watched by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slow {
    /// When the first thing happens.
    pub from: Nanos,
    /// When the last one does, as far as it is known.
    pub to: Nanos,
    /// The run is over: all of it is known.
    pub known: bool,
    /// The part of an event that is over, where all happen at one moment.
    pub(crate) rest: f64,
}

impl Slow {
    /// The part from the first event to the last one.
    pub(crate) const fn new(from: Nanos, to: Nanos, known: bool) -> Self {
        Self {
            from,
            to,
            known,
            rest: 0.0,
        }
    }

    /// How fast this part is watched: so that it takes 5 to 10 seconds where the run itself had `run_speed`.
    pub(crate) fn speed(&self, run_speed: f64) -> f64 {
        let seconds = self.to.since(self.from).as_secs_f64() / run_speed;
        if seconds <= 0.0 {
            // As slow as may be, until it is known how long it is.
            return if self.known { 1.0 } else { SPEEDS[0] };
        }
        let tens = std::iter::successors(Some(1.0), |ten| Some(ten * 10.0)).take(5);
        let mut times = tens.flat_map(|ten| [1.0, 2.0, 3.0, 5.0].map(|unit| unit * ten));
        let times = times.find(|times| seconds * times >= WATCHED - 1e-9);
        1.0 / times.unwrap_or(100_000.0)
    }

    /// Whether all happens at one moment: then it is watched event by event.
    pub(crate) fn is_one_moment(&self) -> bool {
        self.known && self.from == self.to
    }

    /// Where the view is in it for the first time, on its way between two moments: before it, it may be much faster.
    pub(crate) fn entered(&self, before: Nanos, after: Nanos) -> Option<Nanos> {
        (self.known && before < self.from && self.from < after).then_some(self.from)
    }

    /// Whether a moment is in it.
    pub(crate) fn holds(&self, at: Nanos) -> bool {
        self.from <= at && at < self.to
    }
}

/// The playhead so many of a run's events further, where all happen at one moment; `rest` keeps what is
/// no whole event. All of them take as long as a short run is watched.
pub(crate) fn by_events(
    from: Moment,
    (elapsed, speed): (Duration, f64),
    timeline: &Timeline,
    rest: &mut f64,
) -> Playhead {
    let events = timeline.trace().events.len();
    *rest += elapsed.as_secs_f64() * speed * events as f64 / (1.5 * WATCHED);
    let whole = rest.floor();
    *rest -= whole;
    let applied = from.applied.saturating_add(whole as usize);
    if applied >= events {
        return Playhead::Edge;
    }
    Playhead::Playing(Moment { applied, ..from })
}

/// The next slower or faster speed, staying within `SPEEDS`.
pub fn next_speed(speed: f64, faster: bool) -> f64 {
    let found = if faster {
        SPEEDS.iter().find(|one| **one > speed * 1.001)
    } else {
        SPEEDS.iter().rev().find(|one| **one < speed * 0.999)
    };
    found.copied().unwrap_or(speed)
}

/// How the stage stands to the run that it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Nothing has been run yet: 0.00s, paused.
    #[default]
    BeforeRun,
    /// The playhead is at the live edge of a run that goes on.
    Live,
    /// The playhead moves through what has been recorded.
    Playing,
    /// The playhead stands; the run may go on.
    Paused,
    /// The run is over and the playhead is at its end.
    Ended,
    /// The trace was read from a file, and the playhead stands somewhere in it.
    Recorded,
}
