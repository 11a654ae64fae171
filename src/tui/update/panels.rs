//! What keys do in the question, the help page, the knobs and a problem's details.

use super::run;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::model::{Model, Run, Screen, Session};

/// Lines of a page.
const PAGE: u16 = 10;

/// Does what a key means while the question is open.
pub fn question(model: &mut Model, action: Action) -> Vec<Effect> {
    let options = model
        .session
        .as_ref()
        .and_then(|session| session.timeline.story().questions.first())
        .map_or(0, |question| question.options.len());
    let Screen::Question { choice } = &mut model.screen else {
        return Vec::new();
    };
    match action {
        Action::Up => *choice = choice.saturating_sub(1),
        Action::Down => *choice = (*choice + 1).min(options.saturating_sub(1)),
        Action::Digit(digit) => match usize::from(digit).checked_sub(1) {
            Some(place) if place < options => *choice = place,
            _ => model.say(format!("there are {options} answers")),
        },
        Action::RunChosen => {
            let chosen = *choice;
            if let Some(session) = &mut model.session {
                session.choose(Some(chosen));
            }
            return run(model);
        }
        Action::RunPlain => {
            if let Some(session) = &mut model.session {
                session.choose(None);
            }
            return run(model);
        }
        Action::Knobs => open_knobs(model),
        Action::Close => model.screen = Screen::Stage,
        _ => {}
    }
    Vec::new()
}

/// Opens the help page over what is open.
pub fn open_help(model: &mut Model) {
    let over = std::mem::replace(&mut model.screen, Screen::Menu);
    model.screen = Screen::Help {
        over: Box::new(over),
        scroll: 0,
    };
}

/// Does what a key means on the help page.
pub fn help(model: &mut Model, action: Action) -> Vec<Effect> {
    let last = crate::tui::screens::help::last_scroll(model);
    let Screen::Help { over, scroll } = &mut model.screen else {
        return Vec::new();
    };
    if action == Action::Close {
        let below = std::mem::replace(&mut **over, Screen::Menu);
        model.screen = below;
    } else {
        *scroll = scrolled(*scroll, last, action);
    }
    Vec::new()
}

/// Does what a key means while a problem's details are shown.
pub fn problem(model: &mut Model, action: Action) -> Vec<Effect> {
    let height = model.size.1.saturating_sub(4);
    let Screen::Problem { problem, scroll } = &mut model.screen else {
        return Vec::new();
    };
    if action == Action::Close {
        model.screen = Screen::Menu;
    } else {
        let lines = u16::try_from(problem.details.len()).unwrap_or(u16::MAX);
        *scroll = scrolled(*scroll, lines.saturating_sub(height), action);
    }
    Vec::new()
}

fn scrolled(scroll: u16, last: u16, action: Action) -> u16 {
    match action {
        Action::Up => scroll.saturating_sub(1),
        Action::Down => scroll.saturating_add(1).min(last),
        Action::PageUp => scroll.saturating_sub(PAGE),
        Action::PageDown => scroll.saturating_add(PAGE).min(last),
        Action::First => 0,
        Action::Last => last,
        _ => scroll,
    }
}

/// Opens the knobs over what is open, or says that there are none.
pub fn open_knobs(model: &mut Model) {
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
    };
}

/// Does what a key means while the knobs are open.
pub fn knobs(model: &mut Model, action: Action) -> Vec<Effect> {
    let Screen::Knobs { over, selected } = &mut model.screen else {
        return Vec::new();
    };
    let Some(session) = &mut model.session else {
        return Vec::new();
    };
    match action {
        Action::Up => *selected = selected.saturating_sub(1),
        Action::Down => *selected = (*selected + 1).min(session.knobs.len().saturating_sub(1)),
        Action::Less => turn(session, *selected, -1),
        Action::More => turn(session, *selected, 1),
        Action::RunAgain => return run(model),
        Action::Close => {
            let below = std::mem::replace(&mut **over, Screen::Menu);
            model.screen = below;
        }
        _ => {}
    }
    Vec::new()
}

/// Large knobs turn in larger steps, so that 1 to 200 is no two hundred presses.
fn turn(session: &mut Session, selected: usize, by: i64) {
    let Some((name, value)) = session.knobs.get_mut(selected) else {
        return;
    };
    let knobs = &session.timeline.story().knobs;
    if let Some(knob) = knobs.iter().find(|knob| knob.name == *name) {
        let stride = if *value + by.min(0) >= 20 { 10 } else { 1 };
        *value = value
            .saturating_add(by * stride)
            .clamp(knob.min, knob.max.max(knob.min));
    }
}
