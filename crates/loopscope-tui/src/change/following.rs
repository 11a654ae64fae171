//! What follows the scenario that is open: in the playlist, among the exercises, or on the path through all.

use crate::model::model::Model;
use loopscope_protocol::menu::exercise_after;
use loopscope_protocol::path;
use loopscope_protocol::path::Next;
use loopscope_protocol::practice;

/// An exercise was opened: what follows it.
pub(crate) fn exercise(model: &mut Model, id: &str) {
    let next = exercise_after(model.menu.entries(), id, model.exercises.mixed);
    model.exercises.follow(next);
}

impl Model {
    /// The id that the end screen offers: the next one of the playlist, or of the exercises, or on the path.
    pub fn next_id(&self) -> Option<&str> {
        if let Some(lecture) = self.lecture() {
            return lecture.next().map(|item| item.id.as_str());
        }
        let story = self.session.as_ref()?.timeline.story();
        if practice::parts(&story.id).is_some() {
            return self.exercises.next.as_deref();
        }
        let contrast = story.contrast.as_deref().filter(|id| self.menu.has(id));
        // Behind a file that is not in the list nothing follows by itself.
        let listed = self.menu.has(&story.id);
        let next = self.next().filter(|_| listed);
        let next = next.map(|next| next.entry.id.as_str());
        next.or_else(|| self.menu.after(&story.id)).or(contrast)
    }

    /// The scenario that comes next on the path, behind the one that is open, and why; nothing before the first mark.
    pub(crate) fn next(&self) -> Option<Next<'_>> {
        let session = self.session.as_ref();
        let open = session.map(|session| session.timeline.story().id.as_str());
        let begun = open.is_some() || !self.marks.is_empty();
        let next = path::next(self.menu.entries(), &self.marks, open);
        next.filter(|_| begun)
    }

    /// What the end screen offers, in a few words.
    pub(crate) fn next_words(&self) -> Option<String> {
        let id = self.next_id()?;
        let next = self.next().filter(|next| next.entry.id == id);
        Some(format!(
            "{id}{}",
            next.map_or_else(String::new, |next| next.why.short())
        ))
    }
}
