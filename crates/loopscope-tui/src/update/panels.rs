//! What keys do in the help page and a problem's details.

use crate::change::present;
use crate::events::effect::Effect;
use crate::keys::action::Action;
use crate::model::model::Model;
use crate::model::screen::Screen;
use crate::screens::over::help;

/// Lines of a page.
const PAGE: u16 = 10;

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
    let last = help::last_scroll(model);
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
        return Vec::new();
    }
    let lines = u16::try_from(problem.details.len()).unwrap_or(u16::MAX);
    let last = lines.saturating_sub(height);
    let at_end = *scroll == last;
    *scroll = scrolled(*scroll, last, action);
    // A presenter has two buttons only, and must not be stuck on a file that is gone.
    match action {
        Action::PageDown if at_end && model.presenting.is_some() => present::next(model),
        _ => Vec::new(),
    }
}

/// Where a page stands after a key.
pub fn scrolled(scroll: u16, last: u16, action: Action) -> u16 {
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
