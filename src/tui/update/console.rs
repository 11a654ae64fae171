//! What happens at tokio-console's door.

use crate::tui::effect::Effect;
use crate::tui::model::{Model, Redraw};
use crate::tui::port::ConsoleState;

/// The door's state has changed.
pub fn changed(model: &mut Model, state: ConsoleState) {
    let failed = matches!(state, ConsoleState::Failed(_)) && model.console != state;
    model.console = state;
    model.ask_for(Redraw::Now);
    if failed {
        model.say(model.console.sentence());
    }
}

/// Somebody has asked for it; whatever came of it is said.
pub fn opened(model: &mut Model, state: ConsoleState) {
    let before = std::mem::replace(&mut model.console, state);
    model.told.console = true;
    let new = before == ConsoleState::Off && model.console.line().is_some();
    let when = if new { "from the next run on, " } else { "" };
    model.say(format!("{when}{}", model.console.sentence()));
}

/// At the first run that can be attached: what to type.
pub fn say_once(model: &mut Model) {
    if model.told.console || model.console == ConsoleState::Off {
        return;
    }
    model.told.console = true;
    model.say(model.console.sentence());
}

/// Copies the line for the other terminal.
pub fn copy(model: &mut Model) -> Vec<Effect> {
    match model.console.line() {
        Some(line) => {
            model.say(format!("copied, if this terminal can: {line}"));
            vec![Effect::Copy(line)]
        }
        None => {
            model.say(model.console.sentence());
            Vec::new()
        }
    }
}
