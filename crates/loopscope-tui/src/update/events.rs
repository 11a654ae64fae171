//! What keys do while the list of events is shown.

use crate::keys::action::Action;
use crate::model::model::Model;
use crate::model::prompt::PromptKind;
use crate::session::playhead::Playhead;
use crate::session::session::Run;
use crate::settings::panes::PaneId;
use crate::update::prompt;

/// Shows the list, or hides it.
pub(crate) fn toggle(model: &mut Model) {
    let Some(session) = &mut model.session else {
        return;
    };
    if session.run == Run::NotYet {
        return model.say("nothing has happened yet; space runs");
    }
    session.panes = session.panes.toggle_pane(PaneId::Events);
    session.events = Default::default();
}

/// Moves the cursor by so many rows.
pub(crate) fn step(model: &mut Model, by: isize) {
    let wish = model.language;
    if let Some(session) = &mut model.session {
        let language = session.timeline.story().shown_in(wish);
        session.events.look(&session.timeline, language);
        session.step_in_events(by);
    }
}

/// Does what a key means in the list; `false` for one that keeps its meaning.
pub(crate) fn act(model: &mut Model, action: Action) -> bool {
    let wish = model.language;
    let Some(session) = &mut model.session else {
        return false;
    };
    if !session.lists_events() {
        return false;
    }
    let language = session.timeline.story().shown_in(wish);
    session.events.look(&session.timeline, language);
    match action {
        Action::Up => session.step_in_events(-1),
        Action::Down => session.step_in_events(1),
        Action::Find => prompt::open(model, PromptKind::Events),
        Action::Offer => {
            let Some(event) = session.events.cursor.take() else {
                return false;
            };
            let to = session.timeline.place_after(event);
            session.jump(Playhead::Paused(to));
            session.stepped = Some(to);
        }
        Action::Close if !session.events.filter.is_empty() => session.events = Default::default(),
        Action::Close => session.panes = session.panes.toggle_pane(PaneId::Events),
        _ => return false,
    }
    true
}
