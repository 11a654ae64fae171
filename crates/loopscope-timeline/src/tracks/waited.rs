//! Who waited because a loop was held.

use std::ops::AddAssign;

use crate::tracks::lanes::Lanes;
use crate::tracks::track::LaneId;
use crate::world::world::World;
use loopscope_trace::{Actor, TaskRole, ThreadId};

/// The most lanes that are listed for a block; the others are only counted.
const MOST_WAITING: usize = 64;

/// How many waited because a loop was held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Victims {
    /// Requests, those included that were not even accepted.
    pub requests: usize,
    /// Requests that were not accepted.
    pub connections: usize,
    /// Tasks that serve no request.
    pub tasks: usize,
}

impl Victims {
    /// How many there are, whatever they are.
    pub const fn all(self) -> usize {
        self.requests + self.tasks
    }
}

impl AddAssign for Victims {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.connections += other.connections;
        self.tasks += other.tasks;
    }
}

/// Who waits because a loop is held.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waited {
    /// Lanes of requests, those included that were not even accepted.
    requests: Vec<LaneId>,
    /// Lanes of requests that were not accepted.
    connections: Vec<LaneId>,
    /// Lanes of tasks that serve no request.
    tasks: Vec<LaneId>,
    /// How many more there are than are listed.
    more: Victims,
}

impl Waited {
    /// Who is ready on a loop, or in the backlog, while `actor` has it.
    pub(crate) fn now(world: &World, lanes: &Lanes, actor: Actor, thread: ThreadId) -> Self {
        let mut waited = Self::default();
        for &id in world.ready.iter().chain(&world.overdue) {
            let lane = lanes.of(Actor::Task(id));
            let (Some(task), Some(lane)) = (world.task(id), lane) else {
                continue;
            };
            if actor == Actor::Task(id) || !world.loops_of(task).any(|on| on.id == thread) {
                continue;
            }
            if task.request.is_some() {
                add(&mut waited.requests, lane, &mut waited.more.requests);
            } else if task.role.is_story() || task.role == TaskRole::Accept {
                add(&mut waited.tasks, lane, &mut waited.more.tasks);
            }
        }
        if world.loops_of_requests().any(|on| on.id == thread) {
            for &request in &world.backlog {
                if let Some(lane) = lanes.of_request(request) {
                    add(&mut waited.requests, lane, &mut waited.more.requests);
                    add(&mut waited.connections, lane, &mut waited.more.connections);
                }
            }
        }
        waited
    }

    /// Counts those that are listed and of which this says so, and all that are not listed.
    pub(crate) fn count(&self, mut counts: impl FnMut(Sort, LaneId) -> bool) -> Victims {
        let mut of = |sort, lanes: &[LaneId]| {
            let lanes = lanes.iter().filter(|lane| counts(sort, **lane));
            lanes.count()
        };
        let mut all = Victims {
            requests: of(Sort::Request, &self.requests),
            connections: of(Sort::Connection, &self.connections),
            tasks: of(Sort::Task, &self.tasks),
        };
        all += self.more;
        all
    }
}

/// As what a lane waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sort {
    Request,
    Connection,
    Task,
}

fn add(lanes: &mut Vec<LaneId>, lane: LaneId, more: &mut usize) {
    if lanes.contains(&lane) {
        return;
    }
    if lanes.len() < MOST_WAITING {
        lanes.push(lane);
    } else {
        *more += 1;
    }
}
