//! Where the screen begins, and what follows what.

use crate::events::effect::Effect;
use crate::model::model::{Model, Opening};
use crate::model::presenting::{Autoplay, Presenting};
use crate::model::screen::Screen;
use crate::session::playhead::Playhead;
use crate::session::session::Session;
use crate::settings::start::Start;
use loopscope_protocol::request::Request;

impl Model {
    /// Goes where the command line starts; gives the first effects.
    pub fn begin(&mut self, start: Start) -> Vec<Effect> {
        match start {
            Start::Menu => Vec::new(),
            Start::Present {
                playlist,
                autoplay,
                again,
            } => {
                self.autoplay = autoplay.then(Autoplay::default);
                self.presenting = Some(Presenting::new(*playlist, again, self.big));
                self.open_item(0)
            }
            Start::Scenario {
                knobs, autoplay, ..
            } => {
                self.autoplay = autoplay.then(Autoplay::default);
                self.opening = Opening {
                    knobs,
                    autoplay,
                    lecture: false,
                };
                Vec::new()
            }
            Start::Pair(_) => Vec::new(),
            Start::Recording { trace, autoplay } => {
                let mut session = Session::recorded(*trace, self.play_speed);
                if autoplay {
                    session.playhead =
                        Playhead::Playing(session.playhead.moment(&session.timeline));
                }
                self.autoplay = autoplay.then(Autoplay::default);
                self.session = Some(session);
                self.screen = Screen::Stage;
                Vec::new()
            }
        }
    }

    /// How many scenarios were run to their end.
    pub fn seen(&self) -> usize {
        self.menu
            .entries()
            .iter()
            .filter(|entry| self.marks.contains_key(&entry.id))
            .count()
    }

    /// The id that the end screen offers: what it goes with, unless that was seen; else the next
    /// one in learning order.
    pub fn next_id(&self) -> Option<&str> {
        if let Some(lecture) = self.lecture() {
            return lecture.next().map(|item| item.id.as_str());
        }
        let story = self.session.as_ref()?.timeline.story();
        let contrast = story.contrast.as_deref().filter(|id| self.menu.has(id));
        contrast
            .filter(|id| !self.marks.contains_key(*id))
            .or_else(|| self.menu.after(&story.id))
            .or(contrast)
    }
}

impl Model {
    /// The playlist, while its scenario is the one that is open.
    pub fn lecture(&self) -> Option<&Presenting> {
        self.presenting.as_ref().filter(|lecture| lecture.on)
    }

    /// Opens the scenario at a place of the playlist.
    pub fn open_item(&mut self, place: usize) -> Vec<Effect> {
        let runs = self.session.as_ref().is_some_and(|session| session.runs());
        let Some(presenting) = &mut self.presenting else {
            return Vec::new();
        };
        let Some(item) = presenting.playlist.items.get(place) else {
            return Vec::new();
        };
        self.opening = Opening {
            knobs: item.knobs.clone(),
            autoplay: self.autoplay.is_some(),
            lecture: true,
        };
        let open = [
            Effect::Ask(Request::Pace(item.speed)),
            Effect::Ask(Request::Open(item.run.clone())),
        ];
        presenting.at = place;
        let stop = runs.then_some(Effect::Ask(Request::Stop));
        stop.into_iter().chain(open).collect()
    }
}
