//! The code is scrolled, by keys and by the wheel, on the stage and beside a question.

use ratatui::layout::Position;

use crate::keys::action::Action;
use crate::model::model::Model;
use crate::model::screen::Screen;
use crate::screens::question::draw as question;
use crate::screens::stage::stage_view;
use crate::settings::panes::PaneId;

/// Lines that a key or a turn of the wheel moves by.
const LINES: usize = 3;

/// Does what a key means on the stage while the code is chosen; `false` for one that keeps its meaning.
pub(crate) fn act(model: &mut Model, action: Action) -> bool {
    let focus = model.session.as_ref().and_then(|session| session.focus);
    let chosen = focus.is_some() && focus == PaneId::Code.row().digit();
    let scrolls = matches!(action, Action::Earlier | Action::Later);
    chosen && scrolls && code(model, action == Action::Later, None)
}

/// Scrolls the code; with a cell only where the code is there. `false` where it is not.
pub(crate) fn code(model: &mut Model, down: bool, at: Option<Position>) -> bool {
    let (first, below, followed) = match &model.screen {
        Screen::Question(_) => match question::code_shown(model, at) {
            Some((first, below)) => (first, below, None),
            None => return false,
        },
        _ => match stage_view::code_shown(model, at) {
            Some(shown) => (shown.first, shown.below, shown.followed),
            None => return false,
        },
    };
    let to = match down {
        true => first + below.min(LINES),
        false => first.saturating_sub(LINES),
    };
    if to == first && at.is_none() {
        model.say(match (down, below + first) {
            (_, 0) => "all of the code is in sight",
            (true, _) => "this is the end of the code",
            (false, _) => "this is the start of the code",
        });
    } else if let Some(session) = &mut model.session {
        session.code_first = Some((to, followed));
    }
    true
}
