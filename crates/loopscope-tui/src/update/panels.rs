//! What keys do in the panels: knobs, help, a problem, tokio-console.

use crate::change::present;
use crate::change::sweep::{end_sweep, run, sweep};
use crate::events::{Effect, Terminal};
use crate::keys::action::Action;
use crate::model::model::{Model, Redraw};
use crate::model::prompt::Reading;
use crate::model::screen::Screen;
use crate::session::explored;
use crate::session::session::{Run, Session};
use crate::settings::panes::{PaneId, TABLE};
use crate::update::scroll;
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::request::Request;
use loopscope_trace::Knob;

/// Opens the knobs over what is open, or says that there are none.
pub(crate) fn open_knobs(model: &mut Model) {
    let session = model.session.as_ref();
    if session.is_some_and(|session| session.run == Run::Recorded) {
        model.say("this is a recording: it cannot be run again with other numbers");
        return;
    }
    if session.is_none_or(|session| session.knobs.is_empty()) {
        model.say("this scenario has no knobs");
        return;
    }
    model.screen.cover(|over| Screen::Knobs {
        over,
        selected: 0,
        typed: None,
    });
}

/// Does what a key means while the knobs are open.
pub(crate) fn knobs(model: &mut Model, action: Action) {
    let Screen::Knobs {
        selected, typed, ..
    } = &mut model.screen
    else {
        return;
    };
    let Some(session) = &mut model.session else {
        return;
    };
    let before = typed.take();
    let Some(knob) = session.knob(*selected).cloned() else {
        return;
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
            let tens = before.unwrap_or(0).saturating_mul(10);
            let all = tens.saturating_add(i64::from(digit));
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
        Action::RunAgain => run(model),
        Action::Sweep => sweep(model, &knob),
        Action::Close => close_knobs(model),
        _ => {}
    }
}

/// `threads goes from 1 to 200`.
fn reach(knob: &Knob) -> String {
    format!("{} goes from {} to {}", knob.name, knob.min, knob.max)
}

/// Stops a sweep that goes on; else closes the knobs. Where nothing has run yet, what lies below
/// is to speak of the numbers as they stand now.
fn close_knobs(model: &mut Model) {
    if model.explored.sweeps() {
        end_sweep(model);
        model.say("the sweep was stopped; Esc closes the knobs");
        return model.ask(Request::Stop);
    }
    model.screen.uncover();
    let turned = |session: &&Session| session.run == Run::NotYet && !session.matches_knobs();
    if let Some(session) = model.session.as_ref().filter(turned) {
        model.ask(Request::Turn(session.knobs.clone()));
    }
}

/// Goes to the menu; a sweep stops, since it is no longer in sight.
pub(crate) fn leave_knobs(model: &mut Model) {
    if model.explored.sweeps() {
        model.ask(Request::Stop);
    }
    end_sweep(model);
    model.screen = Screen::Menu;
}

/// Opens the help page over what is open.
pub(crate) fn open_help(model: &mut Model) {
    model.screen.cover(|over| Screen::Help {
        over,
        reading: Reading::default(),
    });
}

/// Does what a key means while a problem's details are shown.
pub(crate) fn problem(model: &mut Model, action: Action) {
    if action == Action::Close {
        model.screen = Screen::Menu;
        return;
    }
    let moved = scroll::text(model, action);
    // A presenter has two buttons only, and must not be stuck on a file that is gone.
    if action == Action::PageDown && !moved && model.presenting.is_some() {
        present::next(model);
    }
}

/// The listener's state has changed.
pub(crate) fn console_changed(model: &mut Model, state: ConsoleState) {
    let failed = matches!(state, ConsoleState::Failed(_)) && model.console != state;
    model.console = state;
    model.ask_for(Redraw::Now);
    if failed {
        model.say(model.console.sentence());
    }
}

/// A key has asked for it; what came of it is said.
pub(crate) fn console_opened(model: &mut Model, state: ConsoleState) {
    let before = std::mem::replace(&mut model.console, state);
    model.said_once.console = true;
    let new = before == ConsoleState::Off && model.console.line().is_some();
    let when = if new { "from the next run on, " } else { "" };
    model.say(format!("{when}{}", model.console.sentence()));
}

/// Copies the line for the other terminal.
pub(crate) fn copy_console(model: &mut Model) {
    match model.console.line() {
        Some(line) => {
            model.say(format!("copied, if this terminal can: {line}"));
            let copy = Effect::Terminal(Terminal::Copy(line));
            model.effects.push(copy);
        }
        None => model.say(model.console.sentence()),
    }
}

/// Shows or hides the runtime's own counts, and has the next run count.
pub(crate) fn open_metrics(model: &mut Model) {
    let Some(session) = &mut model.session else {
        return;
    };
    session.panes = session.panes.toggle_pane(PaneId::Metrics);
    let shown = session.panes.shows(PaneId::Metrics);
    let none = session.timeline.metrics().is_empty();
    let recorded = session.run == Run::Recorded;
    if !shown {
        return;
    }
    if recorded && none {
        model.say("this recording has no metrics: they were not asked for");
    } else if none {
        model.say(
            "metrics count from the next run on, and cost more than our recorder; r runs again",
        );
    }
    model.ask(Request::Metrics(true));
}

/// Shows or hides the pane with a letter.
pub(crate) fn toggle(model: &mut Model, letter: char) {
    let pane = TABLE.iter().find(|row| row.key == letter);
    if let (Some(session), Some(pane)) = (&mut model.session, pane) {
        session.panes = session.panes.toggle_pane(pane.id);
    }
}

/// Shows or hides tokio-console's word for each task.
pub(crate) fn console_says(model: &mut Model) {
    let Some(session) = &mut model.session else {
        return;
    };
    session.panes = session.panes.toggle_says();
    if session.panes.says() {
        model.say("beside each name: what tokio-console calls it now, by its own rule, and its number there");
    }
}
