//! A trace with all that follows from it.

use std::collections::BTreeMap;

use crate::findings::Detectors;
use crate::findings::detector::Log;
use crate::moments::moment::{Moment, Stop};
use crate::moments::notes::{Cue, Notes};
use crate::tracks::accounts::Stats;
use crate::tracks::gil::GilTrack;
use crate::tracks::lanes::Lanes;
use crate::tracks::metrics::Metrics;
use crate::tracks::track::{Chunk, OutputLine, ThreadTrack};
use crate::words::names::Naming;
use crate::world::world::World;
use loopscope_trace::{Answers, EndReason, Nanos, StepId, Story, TaskId, Trace};

/// A trace, the world at its live edge, its tracks and its findings.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    pub(crate) trace: Trace,
    pub(crate) live: World,
    pub(crate) lanes: Lanes,
    pub(crate) stats: Stats,
    pub(crate) threads: Vec<ThreadTrack>,
    pub(crate) outputs: Vec<OutputLine>,
    pub(crate) beats: Vec<Nanos>,
    pub(crate) more_beats: Vec<(TaskId, Nanos)>,
    /// Pieces of streamed answers.
    pub(crate) chunks: Vec<Chunk>,
    pub(crate) gils: Vec<GilTrack>,
    pub(crate) findings: Log,
    pub(crate) detectors: Detectors,
    pub(crate) notes: Notes,
    pub(crate) metrics: Metrics,
    /// Kept worlds, by time.
    pub(crate) keyframes: Vec<World>,
    /// Moments at which something changes, in order.
    pub(crate) changes: Vec<Nanos>,
    /// Notes, findings and printed lines, in order.
    pub(crate) stops: Vec<Stop>,
    /// Notes and findings, in order.
    pub(crate) news: Vec<Moment>,
    /// When each step printed last.
    pub(crate) bursts: BTreeMap<Option<StepId>, Nanos>,
}

impl<'a> From<&'a Timeline> for Naming<'a> {
    fn from(timeline: &'a Timeline) -> Self {
        Self::new(&timeline.trace, &timeline.lanes, &timeline.live)
    }
}

impl Timeline {
    /// An empty timeline of `story`.
    pub fn new(story: Story) -> Self {
        Self::with_cues(story, None)
    }

    /// The same, with these cues in place of the story's own notes.
    pub fn with_cues(story: Story, cues: Option<Vec<Cue>>) -> Self {
        Self {
            live: World::new(&story),
            lanes: Lanes::new(&story),
            notes: Notes::new(&story, cues),
            trace: Trace::new(story),
            ..Self::default()
        }
    }

    /// The same, with what people said about the story.
    #[must_use]
    pub fn with_answers(mut self, answers: Answers) -> Self {
        self.trace.answers = answers;
        self
    }

    /// The trace.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The story.
    pub fn story(&self) -> &Story {
        &self.trace.story
    }

    /// The world at the live edge.
    pub fn live(&self) -> &World {
        &self.live
    }

    /// The live edge.
    pub fn end(&self) -> Nanos {
        self.trace.upto
    }

    /// Why the run is over, if it is.
    pub fn ended(&self) -> Option<EndReason> {
        self.live.ended
    }

    pub(crate) fn here(&self) -> Moment {
        Moment {
            at: self.live.now,
            applied: self.live.applied,
        }
    }
}
