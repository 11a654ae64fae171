//! Who waited because a loop was held.

use crate::tracks::lanes::Lanes;
use crate::tracks::track::LaneId;
use crate::world::world::World;
use loopscope_trace::{Actor, TaskRole, ThreadId};

/// The most lanes that are listed for a block; the others are only counted.
const MOST_WAITING: usize = 64;

/// Who waited because a loop was held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waited {
    /// Lanes of requests, those included that were not even accepted.
    pub requests: Vec<LaneId>,
    /// Lanes of requests that were not accepted.
    pub connections: Vec<LaneId>,
    /// Lanes of tasks that serve no request.
    pub tasks: Vec<LaneId>,
    /// How many more there were than are listed: of requests, of connections among them, of tasks.
    pub more: [usize; 3],
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
                add(&mut waited.requests, lane, &mut waited.more[0]);
            } else if task.role.is_story() || task.role == TaskRole::Accept {
                add(&mut waited.tasks, lane, &mut waited.more[2]);
            }
        }
        if world.loops_of_requests().any(|on| on.id == thread) {
            for &request in &world.backlog {
                if let Some(lane) = lanes.of_request(request) {
                    add(&mut waited.requests, lane, &mut waited.more[0]);
                    add(&mut waited.connections, lane, &mut waited.more[1]);
                }
            }
        }
        waited
    }

    /// Adds those of another block; [`Self::settle`] counts those once who waited twice.
    pub(crate) fn join(&mut self, other: &Self) {
        for (all, more) in [
            (&mut self.requests, &other.requests),
            (&mut self.connections, &other.connections),
            (&mut self.tasks, &other.tasks),
        ] {
            all.extend(more);
        }
        for (all, more) in self.more.iter_mut().zip(other.more) {
            *all += more;
        }
    }

    /// Counts once who waited for several of those that were joined.
    pub(crate) fn settle(&mut self) {
        for all in [&mut self.requests, &mut self.connections, &mut self.tasks] {
            all.sort_unstable();
            all.dedup();
        }
    }

    /// How many: of requests, of connections among them, of tasks.
    pub fn counts(&self) -> [usize; 3] {
        let listed = [&self.requests, &self.connections, &self.tasks].map(Vec::len);
        std::array::from_fn(|sort| listed[sort] + self.more[sort])
    }
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
