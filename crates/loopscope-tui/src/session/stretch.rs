//! What becomes of a session when only the last stretch of its run is kept.

use crate::session::events::EventList;
use crate::session::playhead::Playhead;
use crate::session::session::Session;
use loopscope_timeline::{Moment, Timeline, World};
use loopscope_trace::Nanos;

impl Session {
    /// The trace is another one, which tells all from `from` on: one looks at the same moment, or at the first that is
    /// left. What was chosen by its lane is chosen no more, since lanes are numbered anew.
    pub(crate) fn let_go(&mut self, from: Nanos, mut timeline: Timeline) {
        timeline.carry(&self.timeline, from);
        self.seen = World::new(timeline.story());
        self.playhead = match self.playhead {
            Playhead::Edge => Playhead::Edge,
            Playhead::Paused(moment) => Playhead::Paused(moved(&timeline, moment.at.max(from))),
            Playhead::Playing(moment) => Playhead::Playing(moved(&timeline, moment.at.max(from))),
        };
        self.timeline = timeline;
        self.selected = None;
        self.only = false;
        self.first_lane = 0;
        self.jumps.clear();
        self.stepped = None;
        self.trail = None;
        self.events = EventList::default();
    }
}

/// A moment as a place to seek to, behind all its events.
fn moved(timeline: &Timeline, at: Nanos) -> Moment {
    let events = &timeline.trace().events;
    Moment {
        at,
        applied: events.partition_point(|event| event.at <= at),
    }
}
