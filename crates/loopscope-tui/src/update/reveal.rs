//! What shows itself once the end is on the screen.

use crate::model::model::Model;
use crate::model::screen::Screen;
use crate::session::playhead::Mode;

/// The end is on the screen: hands that were counted are shown, once by themselves.
pub fn hands(model: &mut Model) {
    if model.screen != Screen::Stage {
        return;
    }
    let Some(session) = &mut model.session else {
        return;
    };
    if session.revealed || session.mode() != Mode::Ended {
        return;
    }
    session.revealed = true;
    session.vote_bars = session.counted().first().copied();
}
