//! What keys do to the knobs: turn, type, run with them, and sweep over the values of one.

use crate::change::run::run;
use crate::change::sweep::{end_sweep, sweep};
use crate::events::effect::Effect;
use crate::keys::action::Action;
use crate::model::model::Model;
use crate::model::screen::Screen;
use crate::session::explored;
use crate::session::session::Run;
use loopscope_protocol::request::Request;
use loopscope_trace::Knob;

/// Opens the knobs over what is open, or says that there are none.
pub fn open(model: &mut Model) {
    let session = model.session.as_ref();
    if session.is_some_and(|session| session.run == Run::Recorded) {
        model.say("this is a recording: it cannot be run again with other numbers");
        return;
    }
    if session.is_none_or(|session| session.knobs.is_empty()) {
        model.say("this scenario has no knobs");
        return;
    }
    let over = std::mem::replace(&mut model.screen, Screen::Menu);
    model.screen = Screen::Knobs {
        over: Box::new(over),
        selected: 0,
        typed: None,
    };
}

/// Does what a key means while the knobs are open.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Screen::Knobs {
        selected, typed, ..
    } = &mut model.screen
    else {
        return Vec::new();
    };
    let Some(session) = &mut model.session else {
        return Vec::new();
    };
    let before = typed.take();
    let Some(knob) = session.knob(*selected).cloned() else {
        return Vec::new();
    };
    let value = session.knobs.get(*selected).map_or(0, |knob| knob.1);
    let mut turn = |value: i64| session.turn(*selected, value);
    match action {
        Action::Up => *selected = selected.saturating_sub(1),
        Action::Down => *selected = (*selected + 1).min(session.knobs.len().saturating_sub(1)),
        Action::Less | Action::More => {
            turn(explored::turned(&knob, value, action == Action::More));
        }
        Action::First => turn(knob.min),
        Action::Last => turn(knob.max),
        Action::Digit(digit) => {
            let all = before
                .unwrap_or(0)
                .saturating_mul(10)
                .saturating_add(i64::from(digit));
            *typed = Some(all.min(knob.max));
            turn(all);
            if all > knob.max {
                model.say(reach(&knob));
            }
        }
        Action::Usual => match before.map(|before| before / 10).filter(|left| *left > 0) {
            Some(left) => {
                *typed = Some(left);
                turn(left);
            }
            None => turn(knob.default),
        },
        Action::RunAgain => return run(model),
        Action::Sweep => return sweep(model, &knob),
        Action::Close => return close(model),
        _ => {}
    }
    Vec::new()
}

/// `threads goes from 1 to 200`.
fn reach(knob: &Knob) -> String {
    format!("{} goes from {} to {}", knob.name, knob.min, knob.max)
}

/// Stops a sweep that goes on; else closes the knobs. Where nothing has run yet, what lies below
/// is to speak of the numbers as they stand now.
fn close(model: &mut Model) -> Vec<Effect> {
    if model.explored.sweeps() {
        end_sweep(model);
        model.say("the sweep was stopped; Esc closes the knobs");
        return vec![Effect::Ask(Request::Stop)];
    }
    if let Screen::Knobs { over, .. } = &mut model.screen {
        let below = std::mem::replace(&mut **over, Screen::Menu);
        model.screen = below;
    }
    let session = model.session.as_ref();
    let session = session.filter(|session| session.run == Run::NotYet && !session.matches_knobs());
    session.map_or_else(Vec::new, |session| {
        vec![Effect::Ask(Request::Turn(session.knobs.clone()))]
    })
}

/// Goes to the menu; a sweep stops, since it is no longer in sight.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    let swept = model.explored.sweeps();
    end_sweep(model);
    model.screen = Screen::Menu;
    swept
        .then_some(Effect::Ask(Request::Stop))
        .into_iter()
        .collect()
}
