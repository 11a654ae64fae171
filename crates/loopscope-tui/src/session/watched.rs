//! What is asked of a session that shows a program that is watched.

use crate::session::session::Session;
use loopscope_timeline::explain;
use loopscope_timeline::explain::Remedy;

impl Session {
    /// Whether it shows a program that is watched.
    pub(crate) fn is_watched(&self) -> bool {
        self.timeline.story().watched.is_some()
    }

    /// Who held the loop at the chosen place, and what helps; `None` where nothing has.
    pub(crate) fn remedy(&self) -> Option<Remedy> {
        let holders = self.timeline.holders(&self.world());
        let chosen = self.held.min(holders.len().checked_sub(1)?);
        Some(explain::remedy(&self.timeline, holders.get(chosen)?))
    }

    /// Chooses another row among those who held the loop.
    pub(crate) fn choose_held(&mut self, by: isize) {
        let last = self.timeline.holders(&self.world()).len().saturating_sub(1);
        self.held = self.held.min(last).saturating_add_signed(by).min(last);
    }
}
