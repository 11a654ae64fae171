//! How one looks at a run: the page of time, the jumps, and the world that is looked at.

use std::borrow::Cow;

use crate::layout::axis::Page;
use crate::session::playhead::Playhead;
use crate::session::session::{Run, Session};
use loopscope_timeline::World;

/// The most jumps that can be taken back.
const MOST_JUMPS: usize = 100;

impl Session {
    /// The page of time that is shown.
    pub fn page(&self) -> Page {
        self.zoom.unwrap_or_else(|| self.usual_page())
    }

    fn usual_page(&self) -> Page {
        let at = self.here().at;
        Page::at(&self.timeline, at, self.furthest.max(at))
    }

    /// The page on which all that was seen so far has room.
    pub fn whole(&self) -> Page {
        Page::whole(&self.timeline, self.furthest.max(self.here().at))
    }

    /// Shows `page`; where that is the usual one, it goes on growing by itself.
    pub(crate) fn look_at(&mut self, page: Page) {
        self.zoom = Some(page).filter(|page| *page != self.usual_page());
    }

    /// Moves the playhead by more than a step; [`Self::undo`] takes it back.
    pub fn jump(&mut self, to: Playhead) {
        if to == self.playhead {
            return;
        }
        if self.jumps.len() == MOST_JUMPS {
            self.jumps.remove(0);
        }
        self.jumps.push((self.playhead, self.zoom));
        self.playhead = to;
    }

    /// Takes the last jump back; `false` where there is none.
    pub(crate) fn undo(&mut self) -> bool {
        let Some((playhead, zoom)) = self.jumps.pop() else {
            return false;
        };
        self.playhead = match playhead {
            Playhead::Playing(moment) => Playhead::Paused(moment),
            other => other,
        };
        self.zoom = zoom;
        true
    }

    /// The world at the playhead.
    pub fn world(&self) -> Cow<'_, World> {
        let here = self.here();
        if self.playhead == Playhead::Edge && self.run != Run::NotYet {
            Cow::Borrowed(self.timeline.live())
        } else if self.seen.applied == here.applied
            && self.seen.now == here.at.min(self.timeline.end())
        {
            Cow::Borrowed(&self.seen)
        } else {
            Cow::Owned(self.timeline.world_at(here))
        }
    }

    /// Keeps the world at the playhead, so that it is sought once and not with every frame; a page
    /// that the playhead has left follows it.
    pub fn settle(&mut self, before: loopscope_timeline::Moment) {
        let here = self.here();
        self.furthest = self.furthest.max(here.at);
        if here != before {
            self.zoom = self.zoom.map(|page| page.following(here.at));
        }
        if self.playhead != Playhead::Edge {
            self.timeline.seek(&mut self.seen, here);
        }
    }
}
