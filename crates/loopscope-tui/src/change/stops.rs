//! Where the view stops by itself, what it says there, and how it goes on by itself.

use std::time::Duration;

use crate::events::effect::Effect;
use crate::model::model::{Model, Redraw};
use crate::model::presenting::{Autoplay, Presenting, reading};
use crate::model::screen::Screen;
use crate::session::playhead::{Mode, Playhead};
use crate::settings::settings::AutoStop;
use loopscope_timeline::explain;

/// Where the view stops by itself; without a person at the keys at the notes at least.
pub fn wanted(model: &Model) -> AutoStop {
    match model.auto_stop {
        AutoStop::Off if model.autoplay.is_some() => AutoStop::Notes,
        chosen => chosen,
    }
}

/// Says why one stands here, where no note does.
pub fn say(model: &mut Model) {
    let Some(session) = &model.session else {
        return;
    };
    if let Playhead::Paused(moment) = session.playhead
        && let Some(words) = explain::stop(&session.timeline, moment, model.language)
    {
        model.say(words);
    }
}

/// The view has stopped by itself: without anybody at the keys it stands for as long as one reads.
pub fn stopped(model: &mut Model) {
    say(model);
    let Some(session) = &model.session else {
        return;
    };
    let notice = model.notice.as_ref().map(|notice| notice.text.as_str());
    let note = session
        .timeline
        .note_at(&session.timeline.world_at(session.here()));
    let words = notice.or(note.map(|note| note.1)).unwrap_or_default();
    let left = reading(words);
    if let Some(autoplay) = &mut model.autoplay {
        autoplay.left = Some(left);
    }
}

/// Goes on after a stop, by `elapsed` of wall time.
pub fn ticked(model: &mut Model, elapsed: Duration) -> Vec<Effect> {
    let ended = model.mode() == Mode::Ended;
    let result = |model: &Model| {
        let session = model.session.as_ref();
        session.map_or_else(Default::default, |session| {
            reading(&explain::result(&session.timeline, &session.answers))
        })
    };
    let Some(autoplay) = model.autoplay.filter(|_| model.screen == Screen::Stage) else {
        return Vec::new();
    };
    let Some(left) = autoplay.left else {
        if ended {
            let left = Some(result(model));
            model.autoplay = model.autoplay.map(|_| Autoplay { left });
        }
        return Vec::new();
    };
    let left = left.saturating_sub(elapsed);
    let stands = Some(left).filter(|left| !left.is_zero());
    model.autoplay = Some(Autoplay { left: stands });
    if stands.is_some() {
        return Vec::new();
    }
    model.ask_for(Redraw::Now);
    if ended {
        let further = model.lecture().and_then(Presenting::after);
        if further.is_none() {
            // From here on it stays.
            model.autoplay = None;
        }
        return further.map_or_else(Vec::new, |place| model.open_item(place));
    }
    let paused = matches!(&model.session, Some(one) if matches!(one.playhead, Playhead::Paused(_)));
    if paused {
        model.clear_notice();
    }
    if let Some(session) = &mut model.session
        && let Playhead::Paused(here) = session.playhead
    {
        let last = session.over() && here >= session.timeline.last_moment();
        session.playhead = if last {
            Playhead::Edge
        } else {
            Playhead::Playing(here)
        };
    }
    Vec::new()
}
