//! Where one looks: how the playhead moves, what is chosen, and what is said where nothing can move.

use crate::keys::action::Action;
use crate::model::model::Model;
use crate::screens::stage::stage_view;
use crate::session::playhead::{Mode, Playhead};
use crate::session::session::{Run, Session};
use crate::settings::panes;
use crate::settings::panes::PaneId;
use loopscope_timeline::{State, Timeline, explain};
use loopscope_trace::Nanos;

/// Moves the playhead, the selection or a pane.
pub(crate) fn look(session: &mut Session, action: Action) {
    let timeline = &session.timeline;
    let head = session.playhead;
    let chosen = session.focus.and_then(panes::of_digit);
    let arrows = chosen.map_or(panes::CHANGES, |pane| pane.arrows);
    let to = match action {
        Action::MomentBack => head.back(timeline, arrows.back),
        Action::MomentForward => head.forward(timeline, arrows.forward),
        Action::EventBack | Action::EventForward => {
            session.step(action == Action::EventForward);
            return;
        }
        Action::NextStop => head.forward(timeline, Timeline::next_stop),
        Action::PreviousStop => head.back(timeline, Timeline::previous_stop),
        Action::First => Playhead::Paused(Default::default()),
        Action::Last => {
            if session.runs() {
                session.overrule();
                session.play_speed = 1.0;
            }
            return session.jump(Playhead::Edge);
        }
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
pub(crate) fn nowhere(session: &Session, action: Action) -> Option<&'static str> {
    let back = match action {
        Action::MomentForward | Action::EventForward | Action::NextStop | Action::Last => false,
        Action::MomentBack | Action::EventBack | Action::PreviousStop | Action::First => true,
        _ => return None,
    };
    Some(match (session.run, back) {
        (Run::NotYet, _) => "nothing has happened yet; space runs",
        (_, true) => "this is the start of the run",
        (_, false)
            if action == Action::EventForward
                && session.over()
                && session.mode() != Mode::Ended =>
        {
            "this was the last event; End shows the end of the run"
        }
        // The end screen says enough, and one click too many shall not hide it.
        (_, false) if session.over() => return None,
        (_, false) => "this is the live edge: nothing later has happened yet",
    })
}

/// Zooms, pans, or shows the whole run.
pub(crate) fn zoom(model: &mut Model, action: Action) {
    let Some(session) = &mut model.session else {
        return;
    };
    if session.run == Run::NotYet {
        model.say("nothing has happened yet; space runs");
        return;
    }
    let (page, whole) = (session.page(), session.whole());
    let at = session.here().at;
    let (page, why) = match action {
        Action::ZoomIn => (page.closer(at), "this is as close as it goes"),
        Action::ZoomOut => (page.wider(at, whole), "the whole run is in sight"),
        Action::Earlier => (page.panned(false, whole), "nothing is before"),
        Action::Later => (page.panned(true, whole), "nothing later has happened yet"),
        _ => (whole, "the whole run is in sight"),
    };
    if page == session.page() {
        model.say(why);
    } else {
        session.look_at(page);
    }
}

/// The wheel over a time pane: closer or wider, round the moment under the pointer.
pub(crate) fn wheel(session: &mut Session, at: Nanos, closer: bool) {
    let page = if closer {
        session.page().closer(at)
    } else {
        session.page().wider(at, session.whole())
    };
    session.look_at(page);
}

/// Goes back to where one was before the last jump.
pub(crate) fn undo(model: &mut Model) {
    let Some(session) = &mut model.session else {
        return;
    };
    if !session.undo() {
        model.say("there is no jump to take back");
    }
}

/// The arrows move by what the next pane shows.
pub(crate) fn next_pane(model: &mut Model, forward: bool) {
    let shown = stage_view::panes(model);
    let Some(session) = &mut model.session else {
        return;
    };
    let Some(count) = Some(shown.len()).filter(|count| *count > 0) else {
        return;
    };
    let tasks = PaneId::Lanes.row().digit();
    let usual = shown.iter().position(|pane| Some(*pane) == tasks);
    let now = shown.iter().position(|pane| Some(*pane) == session.focus);
    let next = match now.or(usual) {
        Some(place) if forward => (place + 1) % count,
        Some(place) => (place + count - 1) % count,
        None => 0,
    };
    session.focus = Some(shown[next]).filter(|pane| Some(*pane) != tasks);
    let Some(pane) = panes::of_digit(shown[next]) else {
        return;
    };
    let scrolls = match pane.id {
        PaneId::Code => "; ( and ) scroll it",
        _ => "",
    };
    model.say(format!(
        "{}: the arrows go from {}{scrolls}",
        pane.title, pane.arrows.words
    ));
}

/// Shows only the selected lane, or all of them again.
pub(crate) fn only(model: &mut Model) {
    let first = running_lane(model).or_else(|| first_lane(model));
    let Some(session) = &mut model.session else {
        return;
    };
    session.only = !session.only;
    session.selected = session.selected.or(first);
    if session.selected.is_none() {
        session.only = false;
        model.say("there is no lane yet");
    } else if session.only {
        model.say("only this lane; the arrows choose another one, o shows all again");
    }
}

/// Opens the answer to "why?", for the selected lane or for the first that wants a thread and has
/// none; closes it if it is open.
pub(crate) fn why(model: &mut Model) {
    let first = first_lane(model);
    let Some(session) = &mut model.session else {
        return;
    };
    if session.trail.take().is_some() {
        return;
    }
    session.selected = session.selected.or(first);
    if session.selected.is_some() {
        session.trail = Some(Vec::new());
    } else {
        model.say("nobody is there yet");
    }
}

/// Goes to the cause.
pub(crate) fn follow(model: &mut Model) {
    let wish = model.language;
    let Some(session) = &mut model.session else {
        return;
    };
    let language = session.timeline.story().shown_in(wish);
    let Some(lane) = session.selected else {
        return;
    };
    let world = session.world();
    let cause = explain::why(&session.timeline, &world, lane, language).cause;
    let before = (session.selected, session.playhead);
    let Some(cause) = cause else {
        model.say("nobody else is behind this; Backspace goes back");
        return;
    };
    if let Some(trail) = &mut session.trail {
        trail.push(before);
    }
    session.selected = Some(cause.lane);
    if let Some(at) = cause.at {
        session.jump(Playhead::Paused(at));
    }
    reveal(model);
}

/// Goes back from the cause to what it caused.
pub(crate) fn back(model: &mut Model) {
    let Some(session) = &mut model.session else {
        return;
    };
    match session.trail.as_mut().map(Vec::pop) {
        Some(Some((selected, playhead))) => {
            session.selected = selected;
            // Undo shall not lead to the cause again.
            if session.jumps.last().is_some_and(|jump| jump.0 == playhead) {
                session.undo();
            } else {
                session.playhead = playhead;
            }
            reveal(model);
        }
        Some(None) => model.say("this is where you began; Esc closes the answer"),
        None => model.say("Backspace goes back while an answer to why is open; w opens one"),
    }
}

/// The first lane on the screen that wants a thread and has none, else the first of the story's own
/// that lives, else the first.
fn first_lane(model: &Model) -> Option<loopscope_timeline::LaneId> {
    let session = model.session.as_ref()?;
    let world = session.world();
    let order = stage_view::lane_order(model);
    let wants = |lane| {
        let state = session.timeline.lane_state(lane, &world).0;
        state.could_run() || matches!(state, State::InBacklog | State::Queued)
    };
    let hungry = order.iter().find(|(lane, _)| wants(*lane));
    // The story's own lanes have letters; those that loopscope adds rarely answer a question.
    let own = |lane| {
        session
            .timeline
            .lane(lane)
            .is_some_and(|lane| !lane.letter.is_empty())
    };
    let living = order.iter().find(|(lane, lives)| *lives && own(*lane));
    hungry.or(living).or(order.first()).map(|(lane, _)| *lane)
}

/// The story's own lane that has the loop: the one that is talked about, where no lane of the story waits for it.
fn running_lane(model: &Model) -> Option<loopscope_timeline::LaneId> {
    let session = model.session.as_ref()?;
    let timeline = &session.timeline;
    let world = session.world();
    let order = stage_view::lane_order(model);
    let own = |lane| timeline.lane(lane).is_some_and(|it| !it.letter.is_empty());
    let mut lanes = order
        .iter()
        .map(|(lane, _)| *lane)
        .filter(|lane| own(*lane));
    let state = |lane| timeline.lane_state(lane, &world).0;
    if lanes
        .clone()
        .any(|lane| state(lane).could_run() || state(lane) == State::InBacklog)
    {
        return None;
    }
    lanes.find(|lane| matches!(state(*lane), State::Running | State::Blocking))
}

/// How many lanes stay in sight above the selected one.
const ABOVE: usize = 2;

/// Scrolls the lanes so that the selected one is in sight.
pub(crate) fn reveal(model: &mut Model) {
    let order = stage_view::lane_order(model);
    let Some(session) = &mut model.session else {
        return;
    };
    let place = order
        .iter()
        .position(|(lane, _)| Some(*lane) == session.selected);
    let above = &order[..place.unwrap_or_default()];
    let alive_above = above.iter().filter(|(_, alive)| *alive).count();
    session.first_lane = alive_above.saturating_sub(ABOVE);
}
