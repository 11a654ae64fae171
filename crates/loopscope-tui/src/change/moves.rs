//! How keys move the playhead, and what they say where it cannot move.

use crate::keys::action::Action;
use crate::session::playhead::Playhead;
use crate::session::session::{Run, Session};
use crate::settings::panes;
use loopscope_timeline::Timeline;

/// Moves the playhead, the selection or a pane.
pub fn look(session: &mut Session, action: Action) {
    let timeline = &session.timeline;
    let head = session.playhead;
    let chosen = session.focus.and_then(panes::of_digit);
    let arrows = chosen.map_or(panes::CHANGES, |pane| pane.arrows);
    let to = match action {
        Action::MomentBack => head.back(timeline, arrows.back),
        Action::MomentForward => head.forward(timeline, arrows.forward),
        Action::EventBack => head.back(timeline, Timeline::previous_event),
        Action::EventForward => head.forward(timeline, Timeline::next_event),
        Action::NextStop => head.forward(timeline, Timeline::next_stop),
        Action::PreviousStop => head.back(timeline, Timeline::previous_stop),
        Action::First => Playhead::Paused(Default::default()),
        Action::Last => Playhead::Edge,
        Action::Digit(pane) => {
            session.panes = session.panes.toggle(pane);
            return;
        }
        _ => return,
    };
    match action {
        Action::NextStop | Action::PreviousStop | Action::First | Action::Last => session.jump(to),
        _ => session.playhead = to,
    }
}

/// Why a key that moves the playhead has moved nothing.
pub fn nowhere(session: &Session, action: Action) -> Option<&'static str> {
    let back = match action {
        Action::MomentForward | Action::EventForward | Action::NextStop | Action::Last => false,
        Action::MomentBack | Action::EventBack | Action::PreviousStop | Action::First => true,
        _ => return None,
    };
    Some(match (session.run, back) {
        (Run::NotYet, _) => "nothing has happened yet; space runs",
        (_, true) => "this is the start of the run",
        // The end screen says enough, and one click too many shall not hide it.
        (_, false) if session.over() => return None,
        (_, false) => "this is the live edge: nothing later has happened yet",
    })
}
