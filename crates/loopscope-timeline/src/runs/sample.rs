//! What one run comes to beside others of its scenario: where its knobs stood, and how long it took.

use crate::moments::timeline::Timeline;
use loopscope_trace::{Clock, EndReason, Nanos};

/// How a run's time came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Made {
    /// It was waited for.
    Real,
    /// It was waited for, with all sleeps and work divided by the run's speed.
    Hurried,
    /// By the virtual clock.
    Computed,
}

/// A run among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Names and values of all knobs.
    pub knobs: Vec<(String, i64)>,
    /// In scenario time.
    pub elapsed: Nanos,
    /// How the time came to be.
    pub made: Made,
}

impl Sample {
    /// The point of a run that came to its own end; `None` for any other, whose length says
    /// nothing.
    pub fn of(timeline: &Timeline) -> Option<Self> {
        if timeline.ended() != Some(EndReason::Finished) {
            return None;
        }
        let story = timeline.story();
        let knobs = story.knobs.iter();
        Some(Self {
            knobs: knobs.map(|knob| (knob.name.clone(), knob.value)).collect(),
            elapsed: timeline.elapsed()?,
            made: match story.clock {
                Clock::Virtual => Made::Computed,
                Clock::Real if story.speed == 1.0 => Made::Real,
                Clock::Real => Made::Hurried,
            },
        })
    }

    /// Where this knob stood.
    pub fn value(&self, knob: &str) -> Option<i64> {
        let mut knobs = self.knobs.iter();
        knobs.find(|(name, _)| name == knob).map(|found| found.1)
    }

    /// The knobs, other than `knob`, that stood elsewhere than in `knobs`.
    pub fn others<'a>(
        &'a self,
        knob: &'a str,
        knobs: &'a [(String, i64)],
    ) -> impl Iterator<Item = &'a (String, i64)> {
        let own = self.knobs.iter();
        own.filter(move |own| own.0 != knob && !knobs.contains(own))
    }
}
