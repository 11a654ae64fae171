//! Seeking: a kept world, and the events since.

use crate::moments::moment::Moment;
use crate::moments::timeline::Timeline;
use crate::world::world::World;
use loopscope_trace::{Nanos, TaskId};

/// The least number of events between two kept worlds.
const LEAST_SPACING: usize = 1024;

/// The most bytes that a kept world takes for each event since the one before, so that all of them
/// together grow with the number of events only.
const BYTES_AN_EVENT: usize = 64;

/// Keeps `world` where the last kept one is far enough behind.
pub(crate) fn keep(kept: &mut Vec<World>, world: &World) {
    let last = kept.last().map_or(0, |world| world.applied);
    let since = world.applied - last;
    if since < LEAST_SPACING {
        return;
    }
    if since.saturating_mul(BYTES_AN_EVENT) >= own_bytes(world, kept.last()) {
        kept.push(world.clone());
    }
}

/// The bytes of `world` that it does not share with the world that was kept before.
fn own_bytes(world: &World, before: Option<&World>) -> usize {
    let parted = before.map_or((0, 0, 0), |before| {
        (
            before.tasks.parted(),
            before.jobs.parted(),
            before.requests.parted(),
        )
    });
    let queues = world.ready.len()
        + world.overdue.len()
        + world.backlog.len()
        + world.job_queue.len()
        + world.job_starting.len()
        + world.known.len();
    world.tasks.own_bytes(parted.0)
        + world.jobs.own_bytes(parted.1)
        + world.requests.own_bytes(parted.2)
        + queues * size_of::<TaskId>()
        + world.shared.own_bytes()
        + world.timers.len() * size_of::<(Nanos, TaskId)>()
}

impl Timeline {
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
