//! What went wrong, as a sentence or a panel over what is open.

use crate::model::model::Model;
use crate::model::screen::Screen;
use loopscope_protocol::problem::Problem;

/// What went wrong: a sentence, or a panel over what is open, which stays as it is.
pub fn mistaken(model: &mut Model, problem: Problem) {
    if problem.details.is_empty() {
        model.say(problem.sentence);
        return;
    }
    if !in_sight(&model.screen) {
        model.screen = Screen::Problem { problem, scroll: 0 };
        return;
    }
    let below = std::mem::replace(&mut model.screen, Screen::Stage);
    model.screen = Screen::Mistakes {
        over: Box::new(bare(below)),
        problem,
        scroll: 0,
    };
}

/// Whether what is open is in sight, and not the menu or a comparison.
pub(crate) fn in_sight(screen: &Screen) -> bool {
    match screen {
        Screen::Stage | Screen::Question { .. } => true,
        Screen::Help { over, .. }
        | Screen::Knobs { over, .. }
        | Screen::Mistakes { over, .. }
        | Screen::Export { over, .. } => in_sight(over),
        Screen::Menu | Screen::Compare | Screen::Many | Screen::Problem { .. } => false,
    }
}

/// The screen without what lies over it.
fn bare(screen: Screen) -> Screen {
    match screen {
        Screen::Help { over, .. }
        | Screen::Knobs { over, .. }
        | Screen::Mistakes { over, .. }
        | Screen::Export { over, .. } => bare(*over),
        screen => screen,
    }
}
