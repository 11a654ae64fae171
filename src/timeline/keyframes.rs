//! Seeking: a kept world, and the events since.

use super::timeline::{Moment, Timeline};
use super::world::World;

/// At least so many events lie between two kept worlds.
const LEAST_SPACING: usize = 1024;

/// A world has so many entities for each event between two kept ones, so that all of them together
/// grow with the number of events only.
const EVENTS_AN_ENTITY: usize = 8;

/// Keeps `world` where the last kept one is far enough behind.
pub(super) fn keep(kept: &mut Vec<World>, world: &World) {
    let last = kept.last().map_or(0, |world| world.applied);
    let since = world.applied - last;
    if since < LEAST_SPACING {
        return;
    }
    let entities = world.tasks.len() + world.jobs.len() + world.requests.len();
    if since >= entities.saturating_mul(EVENTS_AN_ENTITY) {
        kept.push(world.clone());
    }
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
