//! After the run: what it came to, what to change in one's own code, and what follows.

use crate::model::{Model, Session};
use loopscope_timeline::explain;

/// What the run came to.
pub(super) fn result(session: &Session) -> String {
    explain::result(&session.timeline, &session.answers)
}

/// What to change, and where the real program does something else.
pub(super) fn remedies(session: &Session) -> Vec<String> {
    let story = session.timeline.story();
    let differs = story.differs.as_deref();
    let differs = differs.map(|differs| format!("Real Python differs: {differs}"));
    story.remedy.clone().into_iter().chain(differs).collect()
}

/// The scenario that the end of the run offers.
pub(super) fn then(model: &Model) -> String {
    let next = model.next_id().and_then(|id| model.menu.find(id));
    next.map_or_else(String::new, |next| {
        format!("next: {} {}: {}", next.number, next.id, next.title)
    })
}
