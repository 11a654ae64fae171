//! The places that the playhead moves by: events, moments, stops.

use crate::moments::moment::{Moment, Stop};
use crate::moments::timeline::Timeline;
use loopscope_trace::{EventKind, Nanos};

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
        let place = self.stops.partition_point(|stop| stop.at <= from);
        self.stops.get(place).map(|stop| stop.at)
    }

    /// The previous note, finding or printed line.
    pub fn previous_stop(&self, from: Moment) -> Option<Moment> {
        let place = self.stops.partition_point(|stop| stop.at < from);
        self.stops.get(place.checked_sub(1)?).map(|stop| stop.at)
    }

    /// The next note.
    pub fn next_note(&self, from: Moment) -> Option<Moment> {
        let place = self.stops.partition_point(|stop| stop.at <= from);
        let mut later = self.stops.get(place..)?.iter();
        later.find(|stop| stop.says).map(|stop| stop.at)
    }

    /// The previous note.
    pub fn previous_note(&self, from: Moment) -> Option<Moment> {
        let place = self.stops.partition_point(|stop| stop.at < from);
        let mut earlier = self.stops.get(..place)?.iter().rev();
        earlier.find(|stop| stop.says).map(|stop| stop.at)
    }

    /// Whether there is a note at `moment`.
    pub fn stands_at_note(&self, moment: Moment) -> bool {
        self.stop_at(moment).is_some_and(|stop| stop.says)
    }

    /// The stop that `moment` is at.
    pub(crate) fn stop_at(&self, moment: Moment) -> Option<&Stop> {
        let place = self.stops.partition_point(|stop| stop.at < moment);
        self.stops.get(place).filter(|stop| stop.from <= moment)
    }

    /// The next note or finding.
    pub fn next_news(&self, from: Moment) -> Option<Moment> {
        let place = self.news.partition_point(|news| *news <= from);
        self.news.get(place).copied()
    }

    /// The previous note or finding.
    pub fn previous_news(&self, from: Moment) -> Option<Moment> {
        let place = self.news.partition_point(|news| *news < from);
        self.news.get(place.checked_sub(1)?).copied()
    }

    /// The next printed line.
    pub fn next_line(&self, from: Moment) -> Option<Moment> {
        let lines = self.outputs();
        let place = lines.partition_point(|line| line.event < from.applied);
        self.after(lines.get(place)?.event, from)
    }

    /// The previous printed line.
    pub fn previous_line(&self, from: Moment) -> Option<Moment> {
        let lines = self.outputs();
        let place = lines.partition_point(|line| self.place_after(line.event) < from);
        let line = lines.get(place.checked_sub(1)?)?;
        Some(self.place_after(line.event))
    }

    /// The beginning of the next turn.
    pub fn next_poll(&self, from: Moment) -> Option<Moment> {
        self.next_of(from, is_poll)
    }

    /// The beginning of this turn, or of the one before.
    pub fn previous_poll(&self, from: Moment) -> Option<Moment> {
        self.previous_of(from, is_poll)
    }

    /// The next step that a task or job enters.
    pub fn next_step(&self, from: Moment) -> Option<Moment> {
        self.next_of(from, is_step)
    }

    /// The step that was entered last, or the one before.
    pub fn previous_step(&self, from: Moment) -> Option<Moment> {
        self.previous_of(from, is_step)
    }

    fn next_of(&self, from: Moment, is: fn(EventKind) -> bool) -> Option<Moment> {
        let later = self.trace().events.get(from.applied..)?;
        let place = later.iter().position(|event| is(event.kind))?;
        self.after(from.applied + place, from)
    }

    fn previous_of(&self, from: Moment, is: fn(EventKind) -> bool) -> Option<Moment> {
        let events = &self.trace().events;
        let earlier = &events[..from.applied.min(events.len())];
        let places = earlier.iter().enumerate().rev();
        let those = places.filter(|(_, event)| is(event.kind));
        let mut moments = those.map(|(place, _)| self.place_after(place));
        moments.find(|moment| *moment < from)
    }

    /// The place just after an event, seen from `from`.
    fn after(&self, event: usize, from: Moment) -> Option<Moment> {
        let at = self.trace().events.get(event)?.at;
        Some(Moment {
            at: at.max(from.at),
            applied: event + 1,
        })
    }

    /// The place just after an event.
    pub fn place_after(&self, event: usize) -> Moment {
        let event = event.min(self.trace().events.len().saturating_sub(1));
        let at = self.trace().events.get(event).map(|event| event.at);
        Moment {
            at: at.unwrap_or_default(),
            applied: at.map_or(0, |_| event + 1),
        }
    }
}

fn is_poll(kind: EventKind) -> bool {
    matches!(kind, EventKind::PollStarted { .. })
}

fn is_step(kind: EventKind) -> bool {
    matches!(kind, EventKind::StepEntered { .. })
}
