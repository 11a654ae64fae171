//! What keys do over a program that is watched: who held the loop, its line in an editor, the scenario that shows it in
//! small; how the program is asked to end.

use crate::change::look;
use crate::events::Effect;
use crate::keys::action::Action;
use crate::model::model::Model;
use crate::model::screen::Screen;
use crate::screens::stage::stage_view;
use crate::session::session::{Run, Session};
use crate::settings::panes::PaneId;
use crate::settings::settings::Exit;
use loopscope_protocol::request::Request;

/// What Ctrl-C sends in a terminal.
const INTERRUPT: i32 = 2;

/// Whether the stage shows a program that is watched.
pub(crate) fn is_watched(model: &Model) -> bool {
    let session = model.session.as_ref();
    session.is_some_and(Session::is_watched) && model.screen.shows_stage()
}

/// Does what a key means here; `false` for one that keeps its meaning.
pub(crate) fn act(model: &mut Model, action: Action) -> bool {
    if !is_watched(model) {
        return false;
    }
    let Some(session) = &mut model.session else {
        return false;
    };
    let stack = session.panes.shows(PaneId::Stack);
    let list = session.focus == PaneId::Found.row().digit();
    match action {
        Action::Stack => session.panes = session.panes.toggle_pane(PaneId::Stack),
        Action::Offer if session.trail.is_none() => {
            session.panes = session.panes.toggle_pane(PaneId::Stack);
        }
        Action::Close if stack => session.panes = session.panes.toggle_pane(PaneId::Stack),
        Action::Up if stack || list => session.choose_held(-1),
        Action::Down if stack || list => session.choose_held(1),
        Action::AllLanes => {
            session.all_lanes = !session.all_lanes;
            look::reveal(model);
        }
        Action::InSmall => in_small(model),
        _ => return false,
    }
    true
}

/// Opens the scenario that shows in small what held the loop; what is watched goes on aside.
fn in_small(model: &mut Model) {
    let remedy = model.session.as_ref().and_then(Session::remedy);
    let Some(remedy) = remedy else {
        return model.say("nothing has held the loop so far");
    };
    model.aside = model.session.take().map(Box::new);
    model.ask(Request::Open(remedy.scenario.to_owned()));
}

/// Comes back to what is watched, where it was left for a scenario; `false` where nothing was.
pub(crate) fn come_back(model: &mut Model) -> bool {
    let Some(session) = model.aside.take() else {
        return false;
    };
    model.ask(Request::Return);
    model.clear_notice();
    model.starting = None;
    model.session = Some(*session);
    model.screen = Screen::Stage;
    true
}

/// Leaves a scenario: to what was watched before, else to the menu. A program that is watched has no menu behind it.
pub(crate) fn leave(model: &mut Model) {
    if come_back(model) {
        return;
    }
    let session = model.session.as_ref();
    let ours = |session: &Session| session.is_watched() && session.run != Run::Recorded;
    if session.is_some_and(ours) {
        model.effects.push(Effect::Quit(Exit::Quit));
        return;
    }
    model.screen = Screen::Menu;
}

/// Quits; a program that is watched is asked to end first.
pub(crate) fn quit(model: &mut Model) {
    let session = model.session.as_ref();
    let runs = session.filter(|session| session.is_watched() && session.runs());
    let number = runs.and_then(|session| match session.run {
        Run::Number(number) => Some(number),
        _ => None,
    });
    if number.is_some() && model.asked_to_end != number {
        model.asked_to_end = number;
        model.ask(Request::Signal(INTERRUPT));
        return model.say("the program was asked to end, as by Ctrl-C; Ctrl-C again quits");
    }
    model.effects.push(Effect::Quit(Exit::Quit));
}

/// Opens the line that the code is about in the user's editor.
pub(crate) fn edit(model: &mut Model) {
    match stage_view::code_line(model) {
        Some((path, line)) => model.ask(Request::EditAt { path, line }),
        None => model.say("no file of the program's own has been seen yet"),
    }
}
