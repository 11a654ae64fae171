//! When frames and ticks are needed.

use std::time::Duration;

use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::session::compare::Head;
use crate::session::playhead::Playhead;

/// Between two ticks while the playhead moves.
const MOVING: Duration = Duration::from_millis(33);

/// The same for who wants nothing to move that only moves.
const REDUCED: Duration = Duration::from_secs(1);

/// The least time between two frames.
const FRAME: Duration = Duration::from_millis(33);

/// The least time between two frames that only move a figure: ten a second.
const FIGURES: Duration = Duration::from_millis(100);

/// Between two ticks while only a sentence waits to go.
const WAITING: Duration = Duration::from_millis(250);

impl Model {
    /// Asks for a frame, soon or now.
    pub(crate) fn ask_for(&mut self, redraw: Redraw) {
        self.redraw = self.redraw.max(redraw);
    }

    /// Asks for a frame because the view has moved on by itself.
    pub(crate) fn moved(&mut self) {
        self.ask_for(if self.reduced_motion {
            Redraw::Figures
        } else {
            Redraw::Now
        });
    }

    /// How long after a frame the next one may come; `None` while nothing has changed.
    pub fn pause(&self) -> Option<Duration> {
        match self.redraw {
            Redraw::No => None,
            Redraw::Figures if self.reduced_motion => Some(REDUCED),
            Redraw::Figures => Some(FIGURES),
            Redraw::Now => Some(FRAME),
        }
    }

    /// Between two ticks; `None` while nothing moves by itself.
    pub fn pace(&self) -> Option<Duration> {
        let playing = self.session.as_ref().is_some_and(|session| {
            matches!(session.playhead, Playhead::Playing(_)) && self.screen.shows_stage()
        });
        let compares = self.screen == Screen::Compare
            && matches!(&self.compare, Some(compare) if matches!(compare.head, Head::Playing(_)));
        if playing || compares {
            Some(if self.reduced_motion { REDUCED } else { MOVING })
        } else {
            let waits =
                self.notice.is_some() || (self.autoplay.is_some() && self.screen == Screen::Stage);
            waits.then_some(WAITING)
        }
    }
}
