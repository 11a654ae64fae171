//! From a key to its action, and from an action to the screen that it belongs to.

use crate::change::{present, spread};
use crate::events::effect::{Effect, Terminal};
use crate::keys::action::Action;
use crate::keys::key::{Key, KeyCode};
use crate::keys::keymap;
use crate::keys::place::Place;
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::settings::start::Exit;
use crate::update::{
    button, compare, console, knobs, menu, panels, prompt, question, stage, user_files,
};
use loopscope_protocol::request::Request;
use loopscope_trace::Language;

/// A key was pressed.
pub fn pressed(model: &mut Model, key: Key) -> Vec<Effect> {
    model.redraw = Redraw::Now;
    // With a key the sentence has been read, and the caption comes back.
    model.notice = None;
    let place = model.place();
    if place == Place::Prompt && prompt::typed(model, key) {
        return Vec::new();
    }
    if place == Place::Number && question::typed(model, key) {
        return Vec::new();
    }
    if place == Place::Menu
        && model.menu.filter.is_some()
        && let Some(effects) = menu::typed(model, key)
    {
        return effects;
    }
    match keymap::action(place, key) {
        Some(action) => act(model, place, action),
        None => {
            unknown(model, key);
            Vec::new()
        }
    }
}

/// Does what a key means at a place.
pub fn act(model: &mut Model, place: Place, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => return vec![Effect::Quit(Exit::Quit)],
        Action::Repaint => return vec![Effect::Terminal(Terminal::Repaint)],
        Action::Suspend => return vec![Effect::Terminal(Terminal::Suspend)],
        Action::Help => panels::open_help(model),
        Action::Theme => switch_theme(model),
        Action::Big => {
            model.big = !model.big;
            if place != Place::Stage {
                let how = if model.big { "big" } else { "as usual" };
                model.say(format!("the stage is drawn {how}"));
            }
        }
        Action::Code => switch_language(model),
        Action::On => return button::on(model),
        Action::Return => return button::back(model),
        Action::NextScenario => return present::next(model),
        Action::PreviousScenario => return present::previous(model),
        Action::AutoStop => {
            model.auto_stop = model.auto_stop.turned();
            model.say(model.auto_stop.sentence());
        }
        Action::ToMenu if place == Place::Many => return spread::act(model, action),
        Action::ToMenu if place == Place::Knobs => return knobs::leave(model),
        Action::ToMenu if place == Place::Compare => return compare::act(model, Action::Close),
        Action::ToMenu => model.screen = Screen::Menu,
        Action::Console => return vec![Effect::Ask(Request::Console)],
        Action::Copy => return console::copy(model),
        Action::Edit => return user_files::edit(model, place),
        Action::Export => return user_files::offer(model, place),
        _ => {
            return match place {
                Place::Menu => menu::act(model, action),
                Place::Question | Place::Order | Place::Number | Place::Votes | Place::Answered => {
                    question::act(model, action)
                }
                Place::Stage => stage::act(model, action),
                Place::Compare => compare::act(model, action),
                Place::Many => spread::act(model, action),
                Place::Help => panels::help(model, action),
                Place::Knobs => knobs::act(model, action),
                Place::Problem => panels::problem(model, action),
                Place::Mistakes => user_files::mistakes(model, action),
                Place::Export => user_files::export(model, action),
                Place::Prompt => {
                    prompt::act(model, action);
                    Vec::new()
                }
                // Another screen, in another process.
                Place::Notes => Vec::new(),
            };
        }
    }
    Vec::new()
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
    if only && model.compare.is_none() {
        model.say(match shown {
            Language::Rust => "listed in Rust only: Python has nothing like it",
            Language::Python => "listed in Python only: Rust has nothing like it",
        });
        return;
    }
    model.language = other;
}
