//! How what a lane shows stands at a moment.

use crate::tracks::track::LaneKind;
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Nanos, StepId, TaskId, TaskRole};

/// State, since when, and step of what a lane shows.
pub(crate) fn state_of(kind: LaneKind, world: &World) -> (State, Nanos, Option<StepId>) {
    let nobody = (State::Unknown, Nanos::ZERO, None);
    match kind {
        LaneKind::Job(id) => world
            .job(id)
            .map_or(nobody, |job| (job.state, job.since, job.step)),
        LaneKind::Task(id) => task_state(id, Nanos::ZERO, world).unwrap_or(nobody),
        LaneKind::Request(id) => {
            let Some(request) = world.request(id) else {
                return nobody;
            };
            let accepted = request.accepted.unwrap_or(request.sent);
            match (request.task, request.answered) {
                (Some(task), _) => task_state(task, accepted, world).unwrap_or(nobody),
                (None, Some(answered)) => (State::Done, answered, None),
                (None, None) if request.accepted.is_some() => (State::Unknown, accepted, None),
                (None, None) if request.refused.is_some() => (State::Done, request.sent, None),
                (None, None) => (State::InBacklog, request.sent, None),
            }
        }
    }
}

/// A dispatch task and its job are one: what the job does counts while it is queued or has a
/// thread; until a thread that is free for it has begun it, the task waits.
fn task_state(id: TaskId, least: Nanos, world: &World) -> Option<(State, Nanos, Option<StepId>)> {
    let task = world.task(id)?;
    let job = task
        .job
        .filter(|_| task.role == TaskRole::Dispatch)
        .and_then(|job| world.job(job))
        .filter(|job| job.parent == Some(id));
    let waits = task.state == State::Waiting;
    Some(match job {
        Some(job) if waits && !job.state.is_final() && job.state != State::Ready => {
            (job.state, job.since.max(task.since).max(least), job.step)
        }
        Some(job) if waits => (task.state, task.since.max(job.since), task.step),
        _ => (task.state, task.since.max(least), task.step),
    })
}
