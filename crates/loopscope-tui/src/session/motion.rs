//! Whether a run is watched more slowly by itself, and how fast then: of one run, and of two that are compared.

use crate::session::playhead::Slow;
use crate::text::text;
use loopscope_trace::Nanos;

/// A run in which all happens in less scenario time is short.
const SHORT: Nanos = Nanos::from_secs(3);

/// How fast one watches until one has caught up with a run that is longer than it promised.
const CATCHES_UP: f64 = 5.0;

/// Slow motion: a short run has it, unless a key has chosen how fast one watches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Motion {
    /// No key has chosen how fast one watches.
    pub(crate) by_itself: bool,
    /// What is watched more slowly; `None` where all happens in no short time.
    pub(crate) slow: Option<Slow>,
}

impl Motion {
    /// Before a run, where one watches at this speed.
    pub(crate) fn at(play_speed: f64) -> Self {
        Self {
            by_itself: play_speed == 1.0,
            slow: None,
        }
    }

    /// A run begins that promises to last so long: how fast it is watched from its start, where that is more slowly.
    pub(crate) fn begin(&mut self, promised: Nanos, run_speed: f64) -> Option<f64> {
        let short = self.by_itself && promised < SHORT;
        self.slow = short.then(|| Slow::new(Nanos::ZERO, promised, false));
        Some(self.slow?.speed(run_speed))
    }

    /// More is known of a run that goes on: how fast it is watched now, where that changes.
    pub(crate) fn grow(&mut self, end: Nanos, run_speed: f64) -> Option<f64> {
        let slow = self.slow.as_mut()?;
        if end >= SHORT {
            self.slow = None;
            return Some(CATCHES_UP);
        }
        slow.to = slow.to.max(end);
        Some(slow.speed(run_speed))
    }

    /// All is known, from the first thing that happens to the last one: how fast it is watched.
    pub(crate) fn end(&mut self, (from, to): (Nanos, Nanos), run_speed: f64) -> f64 {
        self.slow = (to.since(from) < SHORT).then(|| Slow::new(from, to, true));
        self.slow.map_or(1.0, |slow| slow.speed(run_speed))
    }

    /// How fast one watches at a moment: before and after what happens as fast as ever.
    pub(crate) fn watched(&self, play_speed: f64, at: Nanos) -> f64 {
        let outside = |slow: Slow| slow.known && !slow.holds(at);
        match self.slow {
            Some(slow) if self.by_itself && outside(slow) => 1.0,
            _ => play_speed,
        }
    }

    /// The same in words: `play 2x`, `play 1/20x, by itself`.
    pub(crate) fn in_words(&self, play_speed: f64, at: Nanos) -> String {
        let speed = self.watched(play_speed, at);
        let slower = self.by_itself && self.slow.is_some() && speed != 1.0;
        play_words(speed) + if slower { ", by itself" } else { "" }
    }

    /// The last thing that happens in a short run of which all is known.
    pub(crate) fn last(&self) -> Option<Nanos> {
        self.slow.filter(|slow| slow.known).map(|slow| slow.to)
    }

    /// Where the view is in it for the first time, on its way between two moments.
    pub(crate) fn entered(&self, before: Nanos, after: Nanos) -> Option<Nanos> {
        let slow = self.slow.filter(|_| self.by_itself)?;
        slow.entered(before, after)
    }

    /// Whether what comes next is awaited at the live edge: the run goes on, and is watched more slowly.
    pub(crate) fn waits(&self) -> bool {
        self.by_itself && self.slow.is_some_and(|slow| !slow.known)
    }
}

/// How fast one watches: `play 2x`, `play 1/20x`.
pub(crate) fn play_words(speed: f64) -> String {
    let times = (1.0 / speed).round();
    if speed < 1.0 && (speed * times - 1.0).abs() < 1e-6 {
        return format!("play 1/{times}x");
    }
    format!("play {}x", text::number(speed))
}
