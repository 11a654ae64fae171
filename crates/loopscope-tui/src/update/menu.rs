//! What keys do in the menu.

use tui_input::{Input, InputRequest};

use crate::change::{compare_open, sweep};
use crate::keys::action::Action;
use crate::keys::key::{Key, KeyCode};
use crate::model::menu::Focus;
use crate::model::model::{Model, Opening, Redraw};
use crate::model::screen::Screen;
use crate::session::session::Session;
use loopscope_protocol::request::Request;

/// More characters than this are never sought.
const LONGEST: usize = 64;

/// Rows of a page.
const PAGE: isize = 10;

/// Does what a key means in the menu.
pub(crate) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Up => model.menu.step(-1),
        Action::Down => model.menu.step(1),
        Action::PageUp => model.menu.step(-PAGE),
        Action::PageDown => model.menu.step(PAGE),
        Action::First => model.menu.step(isize::MIN),
        Action::Last => model.menu.step(isize::MAX),
        Action::FolderBack => model.menu.step_folder(-1),
        Action::FolderForward => model.menu.step_folder(1),
        Action::Switch => {
            model.menu.focus = match model.menu.focus {
                Focus::Folders => Focus::List,
                Focus::List => Focus::Folders,
            };
        }
        Action::Digit(digit) => {
            let found = model.menu.digit(digit);
            if !found {
                model.say(format!("no scenario has a number with {digit} here"));
            }
        }
        Action::Find => {
            model.menu.filter = Some(Input::default());
            model.menu.settle();
        }
        Action::ClearFilter => {
            let sought = model.menu.filter.take().is_some();
            let versus = model.versus.take().is_some();
            if !sought && !versus {
                resume(model);
            }
        }
        Action::Resume if is_left(model) => resume(model),
        Action::Resume => open_selected(model),
        Action::OnPath => go_on(model),
        Action::Instant => {
            model.instant = !model.instant;
            model.say(if model.instant {
                "runs are instant: time is computed, nothing sleeps; i takes it back"
            } else {
                "runs are real: threads really sleep"
            });
            model.ask(Request::VirtualTime(model.instant));
        }
        Action::Versus => compare_open::from_menu(model),
        Action::ForReal => compare_open::selected_for_real(model),
        Action::VersusAny => compare_open::choose(model),
        Action::Open => open_selected(model),
        _ => {}
    }
}

/// Puts the cursor on what comes next.
fn go_on(model: &mut Model) {
    match model.next().map(|next| next.entry.id.clone()) {
        Some(id) => drop(model.menu.go_to(&id)),
        None if model.marks.is_empty() => model.say("nothing was run so far: begin anywhere"),
        None => model.say("nothing comes next: all were seen, and none is left that was wrong"),
    }
}

/// Whether the run that was left is that of the scenario under the cursor.
fn is_left(model: &Model) -> bool {
    let left = model.session.as_ref().map(|session| session.name());
    let under = model.menu.selected().map(|entry| entry.id.as_str());
    left.is_some() && left == under
}

/// Goes back to the run that was left.
fn resume(model: &mut Model) {
    if model.session.is_none() {
        return model.say("no run was left; Enter opens the scenario under the cursor");
    }
    model.screen = Screen::Stage;
    if std::mem::take(&mut model.stale) {
        model.ask(Request::Reload);
    }
}

/// Opens the scenario under the cursor.
pub(crate) fn open_selected(model: &mut Model) {
    match model.menu.selected() {
        Some(entry) => {
            let id = entry.id.clone();
            open(model, id)
        }
        None => {
            model.say("nothing is found; Esc clears what is sought");
        }
    }
}

/// Opens a scenario; a run that goes on is stopped, since its place is taken.
pub fn open(model: &mut Model, id: String) {
    if model.session.as_ref().is_some_and(Session::runs) {
        model.ask(Request::Stop);
    }
    model.opening = Opening {
        knobs: sweep::kept_knobs(model, &id),
        ..Opening::default()
    };
    if model.presenting.is_some() {
        model.ask(Request::Pace(None));
    }
    model.ask(Request::Open(id));
}

/// A key while something is sought; `false` for a key that keeps its usual meaning.
pub(crate) fn typed(model: &mut Model, key: Key) -> bool {
    let request = match key.code {
        _ if key.control || key.alt => return false,
        KeyCode::Esc => {
            let kept = model.menu.selected().map(|entry| entry.id.clone());
            model.menu.filter = None;
            if let Some(id) = kept {
                model.menu.go_to(&id);
            }
            model.menu.settle();
            return true;
        }
        KeyCode::Char(character) => {
            insert(model, character);
            return true;
        }
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Tab | KeyCode::BackTab => return true,
        _ => return false,
    };
    model.menu.seek(request);
    true
}

/// Pasted text is sought, or ignored where nothing is.
pub(crate) fn pasted(model: &mut Model, text: &str) {
    if model.screen == Screen::Menu && model.menu.filter.is_some() {
        for character in text.chars().take(LONGEST) {
            insert(model, character);
        }
        model.redraw = Redraw::Now;
    }
}

fn insert(model: &mut Model, character: char) {
    let room = |input: &Input| input.value().chars().count() < LONGEST;
    if model.menu.filter.as_ref().is_some_and(room) && !character.is_control() {
        model.menu.seek(InputRequest::InsertChar(character));
    }
}
