//! The list of events: which of them are in it, and the one under its cursor.

use loopscope_timeline::{Moment, Timeline, explain};
use loopscope_trace::{Language, Nanos};

/// The list of events, as keys have left it.
#[derive(Clone, Debug, Default)]
pub struct EventList {
    /// The event under the cursor; that at the playhead where it is `None`.
    pub cursor: Option<usize>,
    /// Only events whose line has this are in it.
    pub filter: String,
    /// Those, in order.
    matches: Vec<usize>,
    /// How many events have been looked at for them.
    looked: usize,
}

impl EventList {
    /// Begins anew with this filter.
    pub(crate) fn set_filter(&mut self, filter: &str, timeline: &Timeline, language: Language) {
        *self = Self {
            filter: filter.trim().to_lowercase(),
            ..Self::default()
        };
        self.look(timeline, language);
    }

    /// Looks at events that have come since.
    pub(crate) fn look(&mut self, timeline: &Timeline, language: Language) {
        let events = timeline.trace().events.len();
        if self.filter.is_empty() {
            return;
        }
        for event in self.looked..events {
            let (who, what) = explain::event_parts(timeline, event, language);
            if format!("{who} {what}")
                .to_lowercase()
                .contains(&self.filter)
            {
                self.matches.push(event);
            }
        }
        self.looked = events;
    }

    /// How many of the first `known` events are in it.
    pub(crate) fn len(&self, known: usize) -> usize {
        if self.filter.is_empty() {
            return known;
        }
        self.matches.partition_point(|event| *event < known)
    }

    /// The event in this row.
    pub(crate) fn event(&self, row: usize) -> Option<usize> {
        if self.filter.is_empty() {
            return Some(row);
        }
        self.matches.get(row).copied()
    }

    /// The row of this event, or of the last one before it.
    pub(crate) fn row(&self, event: usize) -> usize {
        if self.filter.is_empty() {
            return event;
        }
        let after = self.matches.partition_point(|found| *found <= event);
        after.saturating_sub(1)
    }

    /// The row under the cursor, which begins at the playhead.
    pub(crate) fn current(&self, here: Moment) -> usize {
        let at_playhead = here.applied.saturating_sub(1);
        self.row(self.cursor.unwrap_or(at_playhead))
    }

    /// Moves the cursor by so many rows among the first `known` events.
    pub(crate) fn step(&mut self, by: isize, here: Moment, known: usize) {
        let Some(last) = self.len(known).checked_sub(1) else {
            return;
        };
        let row = self.current(here).saturating_add_signed(by).min(last);
        self.cursor = self.event(row);
    }
}

/// How many events there are up to the furthest moment that was seen: what comes later is not told.
pub(crate) fn known(timeline: &Timeline, here: Moment, furthest: Nanos) -> usize {
    let seen = timeline.moment_at(furthest.min(timeline.end()));
    here.applied
        .max(if furthest > here.at { seen.applied } else { 0 })
}
