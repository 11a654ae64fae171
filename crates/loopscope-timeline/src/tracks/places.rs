//! Where to find the lane of a task, a job or a request.

use crate::tracks::track::LaneId;

/// The lane of each id; [`Places::NONE`] where it has none, since an `Option` would take twice as much.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places(Vec<LaneId>);

impl Places {
    const NONE: LaneId = LaneId(u32::MAX);

    /// The lane of the id at this place.
    pub(crate) fn get(&self, place: usize) -> Option<LaneId> {
        let lane = self.0.get(place).copied();
        lane.filter(|lane| *lane != Self::NONE)
    }

    /// Puts a lane at its place. Ids are dense, so the list grows by one.
    pub(crate) fn put(&mut self, place: usize, lane: LaneId) {
        if self.0.len() <= place {
            self.0.resize(place + 1, Self::NONE);
        }
        self.0[place] = lane;
    }
}
