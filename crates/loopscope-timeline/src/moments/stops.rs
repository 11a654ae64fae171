//! The places that the playhead moves by: events, moments, stops.

use std::collections::BTreeMap;

use crate::moments::timeline::{Moment, Timeline};
use loopscope_trace::{EventKind, Nanos, StepId};

/// Lines that one step prints so close to each other, in wall time, are one stop: forty threads
/// that say the same at the same moment are no forty things to look at.
const BURST: Nanos = Nanos::from_millis(10);

/// Stops that fall together within so much scenario time are one: nobody can look in between.
const TOGETHER: Nanos = Nanos::from_millis(3);

/// When each step printed last.
pub(crate) type Bursts = BTreeMap<Option<StepId>, Nanos>;

/// A place worth a pause: notes, findings and printed lines that fall together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// The first of them.
    pub(crate) from: Moment,
    /// The last of them, where one stands.
    pub(crate) at: Moment,
    /// A note is among them.
    pub(crate) says: bool,
}

impl Timeline {
    /// New findings are stops, and may be what a note waits for.
    pub(crate) fn tell_findings(&mut self) {
        let here = self.here();
        while let Some(kind) = self.findings.next_news() {
            self.notes.found(kind, here);
            self.stop(here, self.notes.said_at(here));
            self.news.push(here);
        }
    }

    /// The time has come at which something is to be said.
    pub(crate) fn tell_time(&mut self, at: Nanos) {
        self.live.advance(at);
        let here = self.here();
        if self.notes.reached(here) {
            self.stop(here, true);
            self.news.push(here);
        }
    }

    /// Something is worth a pause. What follows closely joins the stop before it, and one stands
    /// behind all of it; only two notes are never one stop, or the first could not be read.
    pub(crate) fn stop(&mut self, here: Moment, says: bool) {
        if let Some(last) = self.stops.last_mut() {
            let same = last.at == here;
            let close = here.at.since(last.from.at) <= TOGETHER;
            if same || (close && !(last.says && says)) {
                last.at = here;
                last.says |= says;
                return;
            }
        }
        self.stops.push(Stop {
            from: here,
            at: here,
            says,
        });
    }

    pub(crate) fn change(&mut self) {
        if self.changes.last() != Some(&self.live.now) {
            self.changes.push(self.live.now);
        }
    }

    pub(crate) fn here(&self) -> Moment {
        Moment {
            at: self.live.now,
            applied: self.live.applied,
        }
    }

    /// Whether the newest line is the first of its step for a while.
    pub(crate) fn begins_burst(&mut self) -> bool {
        let Some(line) = self.outputs.last() else {
            return false;
        };
        let speed = self.trace.story.speed;
        let speed = if speed.is_finite() {
            speed.max(1.0)
        } else {
            1.0
        };
        let gap = Nanos::from_secs_f64(BURST.as_secs_f64() * speed);
        let before = self.bursts.insert(line.step, line.at);
        before.is_none_or(|before| line.at.since(before) > gap)
    }

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

    /// Whether one who stands at `moment` stands at a note.
    pub fn stands_at_note(&self, moment: Moment) -> bool {
        self.stop_at(moment).is_some_and(|stop| stop.says)
    }

    /// The stop at which one stands.
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

    /// The next step that anybody enters.
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
