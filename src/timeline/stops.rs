//! The places that the playhead moves by: events, moments, stops.

use super::timeline::{Moment, Timeline};
use crate::trace::Nanos;

impl Timeline {
    /// The place at which everything up to `at` has happened.
    pub fn moment_at(&self, at: Nanos) -> Moment {
        let events = &self.trace().events;
        Moment {
            at,
            applied: events.partition_point(|event| event.at <= at),
        }
    }

    /// One event on.
    pub fn next_event(&self, from: Moment) -> Option<Moment> {
        let event = self.trace().events.get(from.applied)?;
        Some(Moment {
            at: event.at.max(from.at),
            applied: from.applied + 1,
        })
    }

    /// One event back; first back to the moment of the last event, where time has moved on since.
    pub fn previous_event(&self, from: Moment) -> Option<Moment> {
        let events = &self.trace().events;
        let applied = from.applied.min(events.len());
        let at_of = |count: usize| {
            let last = count.checked_sub(1).and_then(|place| events.get(place));
            last.map_or(Nanos::ZERO, |event| event.at)
        };
        if from.at > at_of(applied) {
            return Some(Moment {
                at: at_of(applied),
                applied,
            });
        }
        let applied = applied.checked_sub(1)?;
        Some(Moment {
            at: at_of(applied),
            applied,
        })
    }

    /// The next moment at which something on the screen changes.
    pub fn next_change(&self, from: Moment) -> Option<Moment> {
        let whole = self.moment_at(from.at);
        if whole.applied > from.applied {
            return Some(whole);
        }
        let place = self.changes.partition_point(|&at| at <= from.at);
        self.changes.get(place).map(|&at| self.moment_at(at))
    }

    /// The previous moment at which something on the screen changed.
    pub fn previous_change(&self, from: Moment) -> Option<Moment> {
        let place = self.changes.partition_point(|&at| at < from.at);
        match place.checked_sub(1) {
            Some(place) => Some(self.moment_at(self.changes[place])),
            None if from > Moment::default() => Some(Moment::default()),
            None => None,
        }
    }

    /// The next note, finding or printed line.
    pub fn next_stop(&self, from: Moment) -> Option<Moment> {
        let place = self.stops.partition_point(|stop| *stop <= from);
        self.stops.get(place).copied()
    }

    /// The previous note, finding or printed line.
    pub fn previous_stop(&self, from: Moment) -> Option<Moment> {
        let place = self.stops.partition_point(|stop| *stop < from);
        self.stops.get(place.checked_sub(1)?).copied()
    }
}
