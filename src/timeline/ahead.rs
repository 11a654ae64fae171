//! What is said at a moment, what was said after it, and what still waits for its moment.

use super::timeline::{Moment, Timeline};
use crate::trace::Note;

impl Timeline {
    /// The note that is said exactly at `moment`.
    pub fn note_said_at(&self, moment: Moment) -> Option<&Note> {
        let said = &self.notes.said;
        let place = said.partition_point(|(when, _)| *when < moment);
        let (when, note) = said.get(place)?;
        (*when == moment).then(|| self.story().notes.get(*note))?
    }

    /// Notes that the trace has already reached after `moment`, in the order in which they are said.
    pub fn notes_after(&self, moment: Moment) -> impl Iterator<Item = (Moment, &Note)> {
        let said = &self.notes.said;
        let first = said.partition_point(|(when, _)| *when <= moment);
        let later = said[first..].iter();
        later.filter_map(|(when, note)| Some((*when, self.story().notes.get(*note)?)))
    }

    /// Notes whose moment the trace has not reached, in the order of the file. When it will come,
    /// and whether, only the run can say.
    pub fn notes_waiting(&self) -> impl Iterator<Item = &Note> {
        let over = self.ended().is_some();
        let waiting = self.notes.pending.iter().filter(move |_| !over);
        waiting.filter_map(|(note, _)| self.story().notes.get(*note))
    }

    /// How many stops have been recorded after `moment`.
    pub fn stops_after(&self, moment: Moment) -> usize {
        self.stops.len() - self.stops.partition_point(|stop| *stop <= moment)
    }
}
