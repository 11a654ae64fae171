//! What is said at a moment, what was said after it, and what still waits for its moment.

use crate::moments::notes::Cue;
use crate::moments::timeline::{Moment, Timeline};

impl Timeline {
    /// The note that is said at the stop at which one stands.
    pub fn note_said_at(&self, moment: Moment) -> Option<&Cue> {
        let stop = self.stop_at(moment)?;
        let (when, note) = self.notes.last_before(moment)?;
        let here = when >= stop.from;
        here.then(|| self.notes.cue(note))?
    }

    /// Notes that the trace has already reached after `moment`, in the order in which they are said.
    pub fn notes_after(&self, moment: Moment) -> impl Iterator<Item = (Moment, &Cue)> {
        let said = &self.notes.said;
        let first = said.partition_point(|(when, _)| *when <= moment);
        let later = said[first..].iter();
        later.filter_map(|(when, note)| Some((*when, self.notes.cue(*note)?)))
    }

    /// Notes whose moment the trace has not reached, in the order of the file. When it will come,
    /// and whether, only the run can say.
    pub fn notes_waiting(&self) -> impl Iterator<Item = &Cue> {
        let over = self.ended().is_some();
        let waiting = self.notes.pending.iter().filter(move |_| !over);
        waiting.filter_map(|(note, _)| self.notes.cue(*note))
    }

    /// How many stops have been recorded after `moment`.
    pub fn stops_after(&self, moment: Moment) -> usize {
        self.stops.len() - self.stops.partition_point(|stop| stop.at <= moment)
    }
}
