//! What tokio-console says of a task at a moment, by its own rule.

use crate::moments::timeline::Timeline;
use crate::tracks::track::{LaneId, LaneKind};
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::Actor;

/// Its word for a lane's actor, and the number that it calls a task by, where that was told.
/// `None` for what it does not list: a request that has not been let in.
///
/// Its rule knows four moments only: the last wake, the start and the end of the last turn, and
/// the drop. So a new task is idle, because it was never woken; and so is one whose timer has run
/// out unseen, and a job that wants a thread.
pub fn says(
    timeline: &Timeline,
    lane: LaneId,
    world: &World,
) -> Option<(&'static str, Option<u64>)> {
    let actor = match timeline.lane(lane)?.kind {
        LaneKind::Task(task) => Actor::Task(task),
        LaneKind::Job(job) => Actor::Job(job),
        LaneKind::Request(request) => Actor::Task(world.request(request)?.task?),
    };
    match actor {
        Actor::Task(task) => {
            let task = world.task(task)?;
            let word = match task.state {
                _ if task.ended.is_some() => "done",
                State::Running | State::Blocking => "running",
                State::Ready if task.polls > 0 => "scheduled",
                _ => "idle",
            };
            Some((word, task.tokio))
        }
        Actor::Job(job) => {
            let job = world.job(job)?;
            let word = match job.state {
                _ if job.ended.is_some() => "done",
                State::Queued => "idle",
                _ => "running",
            };
            Some((word, None))
        }
    }
}
