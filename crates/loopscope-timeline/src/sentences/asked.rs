//! What is asked about a lane, and what an answer is made of.

use crate::moments::moment::Moment;
use crate::moments::timeline::Timeline;
use crate::tracks::track::{LaneId, LaneKind};
use crate::words::names::label;
use crate::world::entries::{Job, Task};
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Actor, Language, Nanos};

/// The answer to "why?" for one lane at one moment, one sentence each.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The lane.
    pub lane: LaneId,
    /// Its state.
    pub state: State,
    /// Since when it has been in it.
    pub since: Nanos,
    /// What it is doing or waiting for.
    pub now: String,
    /// What has to happen before it goes on, and who does that.
    pub next: String,
    /// Who made it ready last, when and from where; empty where nothing has.
    pub last: String,
    /// Whom to ask next.
    pub cause: Option<Cause>,
}

/// Whom to ask next.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// The lane to look at.
    pub lane: LaneId,
    /// The moment to look at it; `None` for the same moment.
    pub at: Option<Moment>,
    /// A few words: `A, which holds the loop`.
    pub says: String,
}

/// A lane that is asked about.
pub(crate) struct Asked<'a> {
    pub(crate) timeline: &'a Timeline,
    pub(crate) world: &'a World,
    pub(crate) lane: LaneId,
    pub(crate) language: Language,
}

/// What has to happen, and whom to ask about it.
pub(crate) type Next = (String, Option<Cause>);

impl Asked<'_> {
    /// The task of the lane, if there is one yet.
    pub(crate) fn task(&self) -> Option<&Task> {
        task_of(self.timeline, self.world, self.lane)
    }

    /// The job of the lane: its own, or that of its dispatch task.
    pub(crate) fn job(&self) -> Option<&Job> {
        match self.timeline.lane(self.lane)?.kind {
            LaneKind::Job(job) => self.world.job(job),
            _ => self.world.job(self.task()?.job?),
        }
    }

    /// Another lane at the same moment.
    pub(crate) fn ask(&self, actor: Actor, says: impl FnOnce(&str) -> String) -> Option<Cause> {
        let lane = self
            .timeline
            .lane_of(actor)
            .filter(|lane| *lane != self.lane)?;
        Some(Cause {
            lane,
            at: None,
            says: says(label(self.timeline, lane)),
        })
    }
}

/// The task of a lane, if there is one yet.
pub(crate) fn task_of<'a>(timeline: &Timeline, world: &'a World, lane: LaneId) -> Option<&'a Task> {
    match timeline.lane(lane)?.kind {
        LaneKind::Task(task) => world.task(task),
        LaneKind::Request(request) => world.task(world.request(request)?.task?),
        LaneKind::Job(_) => None,
    }
}
