//! Both sides of a comparison at one moment.

use crate::layout::pane::Size;
use crate::model::model::Model;
use crate::session::compare::{Compare, Head};
use crate::session::playhead::Mode;
use crate::widgets::scene::Scene;

/// Both sides at one moment.
pub(crate) struct Pair<'a> {
    pub(crate) model: &'a Model,
    pub(crate) compare: &'a Compare,
    pub(crate) scenes: [Scene<'a>; 2],
}

/// How the comparison stands to its runs.
pub(crate) fn mode(compare: &Compare) -> Mode {
    match compare.head {
        Head::Edge if compare.over() => Mode::Ended,
        Head::Edge => Mode::Live,
        Head::Paused(_) => Mode::Paused,
        Head::Playing(_) => Mode::Playing,
    }
}

impl Pair<'_> {
    /// What the two are called: their ids, or their titles where they have none.
    pub(crate) fn ids(&self) -> [&str; 2] {
        [0, 1].map(|side| {
            let story = self.compare.sides[side].timeline.story();
            if story.id.is_empty() {
                story.title.as_str()
            } else {
                story.id.as_str()
            }
        })
    }

    /// Whether there is room for air.
    pub(crate) fn roomy(&self) -> bool {
        self.scenes[0].size == Size::Roomy
    }
}
