//! Whether tokio-console can attach, and what it and tokio-metrics would say.

use crate::events::effect::{Effect, Terminal};
use crate::model::model::{Model, Redraw};
use crate::session::session::Run;
use crate::settings::panes::PaneId;
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::request::Request;

/// The listener's state has changed.
pub fn changed(model: &mut Model, state: ConsoleState) {
    let failed = matches!(state, ConsoleState::Failed(_)) && model.console != state;
    model.console = state;
    model.ask_for(Redraw::Now);
    if failed {
        model.say(model.console.sentence());
    }
}

/// A key has asked for it; what came of it is said.
pub fn opened(model: &mut Model, state: ConsoleState) {
    let before = std::mem::replace(&mut model.console, state);
    model.said_once.console = true;
    let new = before == ConsoleState::Off && model.console.line().is_some();
    let when = if new { "from the next run on, " } else { "" };
    model.say(format!("{when}{}", model.console.sentence()));
}

/// Copies the line for the other terminal.
pub fn copy(model: &mut Model) -> Vec<Effect> {
    match model.console.line() {
        Some(line) => {
            model.say(format!("copied, if this terminal can: {line}"));
            vec![Effect::Terminal(Terminal::Copy(line))]
        }
        None => {
            model.say(model.console.sentence());
            Vec::new()
        }
    }
}

/// Shows or hides the runtime's own counts, and has the next run count.
pub fn metrics(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &mut model.session else {
        return Vec::new();
    };
    session.panes = session.panes.toggle_pane(PaneId::Metrics);
    let shown = session.panes.shows(PaneId::Metrics);
    let none = session.timeline.metrics().is_empty();
    let recorded = session.run == Run::Recorded;
    if !shown {
        return Vec::new();
    }
    if recorded && none {
        model.say("this recording has no metrics: they were not asked for");
    } else if none {
        model.say(
            "metrics count from the next run on, and cost more than our recorder; r runs again",
        );
    }
    vec![Effect::Ask(Request::Metrics(true))]
}

/// Shows or hides tokio-console's word for each task.
pub fn says(model: &mut Model) {
    let Some(session) = &mut model.session else {
        return;
    };
    session.panes = session.panes.toggle_says();
    if session.panes.says() {
        model.say("beside each name: what tokio-console calls it now, by its own rule, and its number there");
    }
}
