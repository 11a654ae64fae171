//! What keys and the mouse do, wherever they go.

use crate::change::{compare_open, look, present};
use crate::events::{Effect, Terminal};
use crate::keys::action::{Action, meant};
use crate::keys::key::{Key, KeyCode, Mouse, MouseKind, Place};
use crate::keys::watched;
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::screens::menu_layout;
use crate::screens::stage::stage_view;
use crate::session::playhead::Playhead;
use crate::settings::settings::Exit;
use crate::update::{
    compare, events, menu, own_program, panels, prompt, question, scroll, stage, user_files,
};
use loopscope_protocol::request::Request;
use loopscope_trace::{Language, Story};
use ratatui::layout::Position;

/// A key was pressed.
pub(crate) fn pressed(model: &mut Model, key: Key) {
    model.redraw = Redraw::Now;
    // With a key the sentence has been read, and the caption comes back.
    model.notice = None;
    let place = model.place();
    if place == Place::Prompt && prompt::typed(model, key) {
        return;
    }
    if place == Place::Number && question::typed(model, key) {
        return;
    }
    if place == Place::Menu && model.menu.filter.is_some() && menu::typed(model, key) {
        return;
    }
    match meant(place, key) {
        Some(action) => match watched::refused(action, own_program::is_watched(model)) {
            Some(why) if place == Place::Stage => model.say(why),
            _ => act(model, place, action),
        },
        None => unknown(model, key),
    }
}

/// Does what a key means at a place.
// table
pub(crate) fn act(model: &mut Model, place: Place, action: Action) {
    match action {
        Action::Quit if place != Place::Menu => own_program::quit(model),
        Action::Quit => model.effects.push(Effect::Quit(Exit::Quit)),
        Action::Repaint => model.effects.push(Effect::Terminal(Terminal::Repaint)),
        Action::Suspend => model.effects.push(Effect::Terminal(Terminal::Suspend)),
        Action::Help => panels::open_help(model),
        Action::Theme => switch_theme(model),
        Action::Big => {
            model.big = !model.big;
            if place == Place::Menu {
                let how = if model.big { "large" } else { "as usual" };
                model.say(format!("questions and the stage are drawn {how}"));
            }
        }
        Action::Code => switch_language(model),
        Action::On => stage::on(model),
        Action::Return => stage::return_back(model),
        Action::NextScenario => present::next(model),
        Action::PreviousScenario => present::previous(model),
        Action::AutoStop => {
            model.auto_stop = model.auto_stop.turned();
            model.say(model.auto_stop.sentence());
        }
        Action::ToMenu if place == Place::Many => compare_open::act(model, action),
        Action::ToMenu if place == Place::Knobs => panels::leave_knobs(model),
        Action::ToMenu if place == Place::Compare => compare::act(model, Action::Close),
        Action::ToMenu => own_program::leave(model),
        Action::Console => model.ask(Request::Console),
        Action::Copy => panels::copy_console(model),
        Action::Edit if own_program::is_watched(model) => own_program::edit(model),
        Action::Edit => user_files::edit(model, place),
        Action::Export => user_files::offer(model, place),
        _ => match place {
            Place::Menu => menu::act(model, action),
            Place::Question | Place::Order | Place::Number | Place::Votes | Place::Answered => {
                question::act(model, action);
            }
            Place::Stage => stage::act(model, action),
            Place::Compare => compare::act(model, action),
            Place::Many => compare_open::act(model, action),
            Place::Help if action == Action::Close => model.screen.uncover(),
            Place::Help => {
                scroll::text(model, action);
            }
            Place::Knobs => panels::knobs(model, action),
            Place::Problem => panels::problem(model, action),
            Place::Mistakes => user_files::mistakes(model, action),
            Place::Export => user_files::export(model, action),
            Place::Prompt => prompt::act(model, action),
            // Another screen, in another process.
            Place::Notes => {}
        },
    }
}

fn switch_theme(model: &mut Model) {
    if !model.theme.color {
        model.say("colors are switched off: there is only the mono theme");
        return;
    }
    let (palette, name) = model.theme.palette.next();
    model.theme.palette = palette;
    model.say(format!("theme: {name}"));
}

/// A key without a meaning says so; Alt and Ctrl keys belong to terminals and stay silent.
fn unknown(model: &mut Model, key: Key) {
    if let KeyCode::Char(character) = key.code
        && !key.control
        && !key.alt
        && !character.is_control()
    {
        model.say(format!("{character} does nothing here; ? shows all keys"));
    }
}

/// Shows the listing in the other language, or says why there is none.
fn switch_language(model: &mut Model) {
    let story = model.session.as_ref();
    let story = story.map(|session| session.timeline.story());
    let shown = story.map_or(model.language, |story| story.shown_in(model.language));
    let other = match shown {
        Language::Python => Language::Rust,
        Language::Rust => Language::Python,
    };
    let only = story.is_some_and(|story| story.listing(other).is_none());
    let story_differs = story.is_some_and(Story::depends_on_language);
    if only && model.compare.is_none() {
        model.say(match shown {
            Language::Rust => "listed in Rust only: Python has nothing like it",
            Language::Python => "listed in Python only: Rust has nothing like it",
        });
        return;
    }
    model.language = other;
    // What is shown is played: the next run follows this language's rules.
    model.ask(Request::Language(other));
    if story_differs {
        model.say(format!("the next run is played as in {}", other.name()));
    }
}

/// The mouse was pressed or its wheel turned.
pub(crate) fn moved(model: &mut Model, mouse: Mouse) {
    model.redraw = Redraw::Now;
    let steps: isize = match mouse.kind {
        MouseKind::Press => return press(model, mouse.column, mouse.row),
        MouseKind::Drag => return drag(model, mouse.column),
        MouseKind::ScrollLeft | MouseKind::ScrollRight => {
            if model.screen == Screen::Stage {
                let later = mouse.kind == MouseKind::ScrollRight;
                look::zoom(
                    model,
                    if later {
                        Action::Later
                    } else {
                        Action::Earlier
                    },
                );
            }
            return;
        }
        MouseKind::ScrollUp => -1,
        MouseKind::ScrollDown => 1,
    };
    turned(model, mouse, steps);
}

/// The wheel was turned: what is under the pointer moves by `steps`.
fn turned(model: &mut Model, mouse: Mouse, steps: isize) {
    if matches!(model.screen, Screen::Stage | Screen::Question(_)) {
        let at = Position::new(mouse.column, mouse.row);
        if scroll::code(model, steps > 0, Some(at)) {
            return;
        }
    }
    match &mut model.screen {
        Screen::Menu => model.menu.step(steps),
        Screen::Help { .. } | Screen::Problem { .. } | Screen::Mistakes { .. } => {
            scroll::turned(model, steps > 0);
        }
        Screen::Stage => {
            let hit = stage_view::stage_hit(model, mouse.column, mouse.row);
            if let Some(session) = &mut model.session {
                if let Some(stage_view::Hit::Time(at)) = hit {
                    return look::wheel(session, at, steps < 0);
                }
                if session.lists_events() {
                    return events::step(model, steps);
                }
                let last = session.timeline.lanes().len().saturating_sub(1);
                session.first_lane = session.first_lane.saturating_add_signed(steps).min(last);
            }
        }
        Screen::Question { .. }
        | Screen::Knobs { .. }
        | Screen::Export { .. }
        | Screen::Compare
        | Screen::Many => {}
    }
}

fn press(model: &mut Model, column: u16, row: u16) {
    match model.screen {
        Screen::Menu => match menu_layout::hit(model, column, row) {
            Some(menu_layout::Hit::Folder(place)) => model.menu.open_folder(place),
            Some(menu_layout::Hit::Row(place)) => {
                let again = model.menu.point(place);
                if again {
                    menu::open_selected(model)
                }
            }
            None => {}
        },
        Screen::Question(_) => question::pointed(model, column, row),
        Screen::Stage => pointed(model, column, row),
        Screen::Help { .. }
        | Screen::Knobs { .. }
        | Screen::Problem { .. }
        | Screen::Mistakes { .. }
        | Screen::Export { .. }
        | Screen::Compare
        | Screen::Many => {}
    }
}

/// A lane is selected, a time is gone to, a pane is hidden or shown.
fn pointed(model: &mut Model, column: u16, row: u16) {
    model.notice = None;
    let hit = stage_view::stage_hit(model, column, row);
    model.drag_row = matches!(hit, Some(stage_view::Hit::Time(_))).then_some(row);
    let Some(session) = &mut model.session else {
        return;
    };
    match hit {
        Some(stage_view::Hit::Lane(lane)) => session.selected = Some(lane),
        Some(stage_view::Hit::Time(at)) => {
            let at = at.min(session.timeline.end());
            session.jump(Playhead::Paused(session.timeline.moment_at(at)));
        }
        Some(stage_view::Hit::Pane(pane)) => session.panes = session.panes.toggle(pane),
        None => {}
    }
}

/// The playhead keeps under the pointer, in the row in which the button went down.
fn drag(model: &mut Model, column: u16) {
    let Some(row) = model.drag_row.filter(|_| model.screen == Screen::Stage) else {
        return;
    };
    let hit = stage_view::stage_hit(model, column, row);
    if let (Some(session), Some(stage_view::Hit::Time(at))) = (&mut model.session, hit) {
        let at = at.min(session.timeline.end());
        session.playhead = Playhead::Paused(session.timeline.moment_at(at));
    }
}
