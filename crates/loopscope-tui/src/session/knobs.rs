//! The knobs of a scenario that is open: as they stand for the next run, and what still fits another version of it.

use crate::session::explored;
use crate::session::session::Session;
use loopscope_trace::{Answers, Knob, Story};

impl Session {
    /// The knobs that were turned and that another version of the story still has room for; the
    /// others follow the file.
    pub(crate) fn fitting(&self, story: &Story) -> Vec<(String, i64)> {
        let own = &self.timeline.story().knobs;
        let fits = |(name, value): &&(String, i64)| {
            let mut knobs = story.knobs.iter();
            let knob = knobs.find(|knob| knob.name == *name);
            let turned = own
                .iter()
                .any(|knob| knob.name == *name && knob.default != *value);
            turned && knob.is_some_and(|knob| (knob.min..=knob.max).contains(value))
        };
        self.knobs.iter().filter(fits).cloned().collect()
    }

    /// Drops knobs and answers that another version of the story has no place for.
    pub(crate) fn keep_what_fits(&mut self, story: &Story) {
        let kept = self.fitting(story);
        if self.timeline.story().questions != story.questions {
            self.answers = Answers::default();
        }
        let value = |knob: &Knob| kept.iter().find(|(name, _)| *name == knob.name);
        let knobs = story.knobs.iter();
        self.knobs = knobs
            .map(|knob| {
                (
                    knob.name.clone(),
                    value(knob).map_or(knob.default, |kept| kept.1),
                )
            })
            .collect();
    }

    /// The knob in this row, as the story has it.
    pub(crate) fn knob(&self, row: usize) -> Option<&Knob> {
        let (name, _) = self.knobs.get(row)?;
        let mut knobs = self.timeline.story().knobs.iter();
        knobs.find(|knob| knob.name == *name)
    }

    /// Turns the knob in this row for the next run, within its bounds.
    pub(crate) fn turn(&mut self, row: usize, value: i64) {
        let bounds = self
            .knob(row)
            .map(|knob| (knob.min, knob.max.max(knob.min)));
        if let (Some((min, max)), Some(knob)) = (bounds, self.knobs.get_mut(row)) {
            knob.1 = value.clamp(min, max);
        }
    }

    /// Whether the story that is shown tells of the knobs as they stand.
    pub(crate) fn matches_knobs(&self) -> bool {
        explored::stand(&self.timeline.story().knobs, &self.knobs)
    }

    /// The story with the knobs as they stand, as far as it has been told.
    pub(crate) fn retold(&self) -> &Story {
        let retold = self.retold.as_deref().filter(|_| !self.matches_knobs());
        let retold = retold.filter(|story| explored::stand(&story.knobs, &self.knobs));
        retold.unwrap_or(self.timeline.story())
    }
}
