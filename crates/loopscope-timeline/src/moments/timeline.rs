//! A trace with all that follows from it, and the world at any moment of it.

use std::collections::BTreeMap;

use crate::findings::Detectors;
use crate::findings::log::detector::Log;
use crate::moments::before::Before;
use crate::moments::moment::{Cue, Moment, Notes, Stop};
use crate::tracks::accounts::Accounts;
use crate::tracks::held::Blocks;
use crate::tracks::lag::Lag;
use crate::tracks::lanes::Lanes;
use crate::tracks::metrics::Metrics;
use crate::tracks::threads::{GilTrack, ThreadTrack};
use crate::tracks::track::{Chunk, OutputLine, Touches};
use crate::words::Naming;
use crate::world::entries::{Beats, Job, Request, Task, Thread};
use crate::world::shared::OtherPool;
use crate::world::values::Values;
use crate::world::world::World;
use loopscope_trace::{Answers, EndReason, Nanos, StepId, Story, TaskId, Trace};

/// The least number of events between two kept worlds.
const LEAST_SPACING: usize = 1024;

/// The most bytes that a kept world takes for each event since the one before, so that all of them
/// together grow with the number of events only.
const BYTES_AN_EVENT: usize = 8;

/// A trace, the world at its live edge, its tracks and its findings.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    pub(crate) trace: Trace,
    pub(crate) live: World,
    pub(crate) lanes: Lanes,
    pub(crate) accounts: Accounts,
    pub(crate) threads: Vec<ThreadTrack>,
    pub(crate) outputs: Vec<OutputLine>,
    pub(crate) beats: Vec<Nanos>,
    pub(crate) more_beats: Vec<(TaskId, Nanos)>,
    /// Pieces of streamed answers.
    pub(crate) chunks: Vec<Chunk>,
    pub(crate) touches: Touches,
    pub(crate) lag: Lag,
    pub(crate) blocks: Blocks,
    pub(crate) gils: Vec<GilTrack>,
    pub(crate) findings: Log,
    /// What is kept of the time before this trace began.
    pub(crate) before: Before,
    pub(crate) detectors: Detectors,
    pub(crate) notes: Notes,
    pub(crate) metrics: Metrics,
    /// How long a computed run of the same story took.
    pub(crate) computed: Option<Nanos>,
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

/// Two are equal where their traces are: all else follows from these.
impl PartialEq for Timeline {
    fn eq(&self, other: &Self) -> bool {
        self.trace == other.trace
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
            blocks: Blocks::new(story.watched.is_some()),
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

    /// Tells how long the same story takes where time is computed: what a run takes on a free machine.
    pub fn compare_with_computed(&mut self, length: Nanos) {
        self.computed = Some(length);
    }

    /// How long the same story takes where time is computed, once that was told.
    pub const fn computed(&self) -> Option<Nanos> {
        self.computed
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

    /// The world at a moment; at most the live edge.
    pub fn world_at(&self, moment: Moment) -> World {
        let mut world = World::new(self.story());
        self.seek(&mut world, moment);
        world
    }

    /// Moves `world` to a moment; cheap where it lies a little ahead.
    pub fn seek(&self, world: &mut World, moment: Moment) {
        let before = |world: &World| world.applied <= moment.applied && world.now <= moment.at;
        let live = Some(self.live()).filter(|live| before(live));
        let place = self.keyframes.partition_point(before);
        let kept = place.checked_sub(1).map(|place| &self.keyframes[place]);
        let near = live.or(kept);
        let ahead = near.map_or(0, |near| near.applied);
        if !before(world) || ahead > world.applied + LEAST_SPACING {
            *world = near.cloned().unwrap_or_else(|| World::new(self.story()));
        }
        let events = &self.trace().events;
        let until = moment.applied.min(events.len());
        for event in events.get(world.applied..until).unwrap_or_default() {
            world.apply(event);
        }
        world.advance(moment.at.min(self.end()));
    }
}

/// Keeps `world` where the last kept one is far enough behind.
pub(crate) fn keep(kept: &mut Vec<World>, world: &World) {
    let last = kept.last().map_or(0, |world| world.applied);
    let since = world.applied - last;
    if since == 0 || !since.is_multiple_of(LEAST_SPACING) {
        return;
    }
    if since.saturating_mul(BYTES_AN_EVENT) >= own_bytes(world, kept.last()) {
        kept.push(world.clone());
    }
}

/// The bytes of `world` that it does not share with the world that was kept before.
fn own_bytes(world: &World, before: Option<&World>) -> usize {
    let parted = before.map_or([0; 4], parted);
    let in_hand = if world.shared.in_hand {
        Values::BYTES
    } else {
        0
    };
    let lists = world.tasks.own_bytes(parted[0], Task::BYTES + in_hand)
        + world.jobs.own_bytes(parted[1], Job::BYTES + in_hand)
        + world.requests.own_bytes(parted[2], Request::BYTES)
        + world.threads.own_bytes(parted[3], size_of::<Thread>());
    let queues = [
        world.ready.len(),
        world.overdue.len(),
        world.backlog.len(),
        world.job_queue.len(),
        world.job_starting.len(),
        world.known.len(),
        world.forgotten.len(),
        world.moved.len(),
    ];
    let pools: usize = world.pools.iter().map(OtherPool::own_bytes).sum();
    lists
        + queues.iter().sum::<usize>() * size_of::<TaskId>()
        + pools
        + world.children.own_bytes()
        + world.shared.own_bytes()
        + world.more_beats.len() * size_of::<Beats>()
        + world.timers.len() * size_of::<(Nanos, TaskId)>()
        + size_of::<World>()
}

/// How many shared chunks each list of `world` has written to.
const fn parted(world: &World) -> [usize; 4] {
    [
        world.tasks.parted(),
        world.jobs.parted(),
        world.requests.parted(),
        world.threads.parted(),
    ]
}
