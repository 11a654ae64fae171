//! A trace with all that follows from it, built batch by batch.

use super::insight::Insight;
use super::task_state::State;
use super::track::{Lane, LaneId, OutputLine, ThreadTrack};
use super::world::World;
use crate::trace::{Actor, Batch, EndReason, Nanos, RequestId, StepId, Story, Trace};

/// A place in a trace: so many events applied, and time moved on to `at`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Scenario time.
    pub at: Nanos,
    /// How many events have been applied.
    pub applied: usize,
}

/// A trace, the world at its live edge, its tracks and its findings.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    trace: Trace,
    live: World,
    lanes: Vec<Lane>,
    threads: Vec<ThreadTrack>,
    outputs: Vec<OutputLine>,
    beats: Vec<Nanos>,
    insights: Vec<Insight>,
}

impl Timeline {
    /// An empty timeline of `story`.
    pub fn new(story: Story) -> Self {
        Self {
            trace: Trace::new(story),
            ..Self::default()
        }
    }

    /// The timeline of a whole trace.
    pub fn from_trace(mut trace: Trace) -> Self {
        let mut timeline = Self::new(std::mem::take(&mut trace.story));
        timeline.extend(Batch {
            texts: trace.texts,
            events: trace.events,
            upto: trace.upto,
        });
        timeline
    }

    /// Adds what a run handed on.
    pub fn extend(&mut self, batch: Batch) {
        self.trace.extend(batch);
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

    /// The live edge as a place to seek to.
    pub fn last_moment(&self) -> Moment {
        Moment {
            at: self.end(),
            applied: self.trace.events.len(),
        }
    }

    /// Why the run is over, if it is.
    pub fn ended(&self) -> Option<EndReason> {
        self.live.ended
    }

    /// The world at a moment.
    pub fn world_at(&self, _moment: Moment) -> World {
        self.live.clone()
    }

    /// The place at which everything up to `at` has happened.
    pub fn moment_at(&self, at: Nanos) -> Moment {
        Moment {
            at,
            applied: self.trace.events.partition_point(|event| event.at <= at),
        }
    }

    /// One event on.
    pub fn next_event(&self, _from: Moment) -> Option<Moment> {
        None
    }

    /// One event back.
    pub fn previous_event(&self, _from: Moment) -> Option<Moment> {
        None
    }

    /// The next moment at which something on the screen changes.
    pub fn next_change(&self, _from: Moment) -> Option<Moment> {
        None
    }

    /// The previous moment at which something on the screen changed.
    pub fn previous_change(&self, _from: Moment) -> Option<Moment> {
        None
    }

    /// The next note, finding or printed line.
    pub fn next_stop(&self, _from: Moment) -> Option<Moment> {
        None
    }

    /// The previous note, finding or printed line.
    pub fn previous_stop(&self, _from: Moment) -> Option<Moment> {
        None
    }

    /// The lanes, in the order in which they appeared.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// A lane.
    pub fn lane(&self, id: LaneId) -> Option<&Lane> {
        self.lanes.get(id.0 as usize)
    }

    /// The lane in which an actor is drawn.
    pub fn lane_of(&self, _actor: Actor) -> Option<LaneId> {
        None
    }

    /// The lane of a request.
    pub fn lane_of_request(&self, _request: RequestId) -> Option<LaneId> {
        None
    }

    /// State, since when, and step of a lane in `world`.
    pub fn lane_state(&self, _lane: LaneId, _world: &World) -> (State, Nanos, Option<StepId>) {
        (State::Unknown, Nanos::ZERO, None)
    }

    /// What the threads did, in the order in which they appeared.
    pub fn thread_tracks(&self) -> &[ThreadTrack] {
        &self.threads
    }

    /// All printed lines.
    pub fn outputs(&self) -> &[OutputLine] {
        &self.outputs
    }

    /// All ticks of the heartbeat.
    pub fn beats(&self) -> &[Nanos] {
        &self.beats
    }

    /// All findings, by `found`.
    pub fn insights(&self) -> &[Insight] {
        &self.insights
    }

    /// The findings as they stood at the moment of `world`.
    pub fn insights_at(&self, _world: &World) -> Vec<Insight> {
        Vec::new()
    }

    /// The last note whose anchor has happened at the moment of `world`.
    pub fn note_at(&self, _world: &World) -> Option<&str> {
        None
    }
}
