//! A presentation goes on and back, and stops where something is to be said.

use std::time::Duration;

use crate::model::lecture;
use crate::model::model::{Model, Opening, Redraw};
use crate::model::screen::{Autoplay, Presenting, Screen, reading};
use crate::screens::stage::stage_view;
use crate::session::playhead::{Mode, Playhead};
use crate::settings::panes;
use crate::settings::settings::{AutoStop, Item};
use loopscope_timeline::explain;

/// The next scenario of the playlist; the one that was left, where the menu has opened another.
pub(crate) fn next(model: &mut Model) {
    go(model, |model| {
        let presenting = model.presenting.as_ref()?;
        presenting.after()
    })
}

/// The scenario before in the playlist.
pub(crate) fn previous(model: &mut Model) {
    go(model, |model| model.presenting.as_ref()?.at.checked_sub(1))
}

fn go(model: &mut Model, place: fn(&Model) -> Option<usize>) {
    let Some(presenting) = &model.presenting else {
        model.say("there is no playlist; `loopscope present` opens one");
        return;
    };
    if !presenting.on {
        let at = presenting.at;
        return model.open_item(at);
    }
    if model.screen == Screen::Menu && model.session.is_some() {
        model.screen = Screen::Stage;
        return;
    }
    match place(model) {
        Some(place) => model.open_item(place),
        None if presenting.at == 0 && presenting.playlist.items.len() > 1 => {
            model.say("this is the first one of the playlist")
        }
        None => {
            model.say("this is the last one of the playlist; q goes to the menu");
        }
    }
}

/// A scenario was opened: where it stands in the playlist it looks as that says. Whether its
/// question is asked.
pub(crate) fn opened(model: &mut Model, opening: &Opening) -> bool {
    if let Some(presenting) = &mut model.presenting {
        presenting.on = opening.lecture;
    }
    if !opening.lecture {
        return true;
    }
    let Some(presenting) = &mut model.presenting else {
        return true;
    };
    presenting.applied_stop = None;
    let big = presenting.big;
    let Some(item) = presenting.item().cloned() else {
        return true;
    };
    model.big = item.big.unwrap_or(big);
    model.auto_stop = item.auto_stop.unwrap_or(AutoStop::Notes);
    if let Some(session) = &mut model.session
        && !item.stops.is_empty()
    {
        session.replace_notes(item.stops.iter().map(|stop| stop.cue.clone()).collect());
    }
    item.ask != Some(false)
}

/// A run began: it looks as at its start.
pub(crate) fn started(model: &mut Model) {
    if let Some(presenting) = &mut model.presenting {
        presenting.applied_stop = None;
    }
}

/// After each message: the panes and the lane of the stop that was reached last.
pub(crate) fn settle(model: &mut Model) {
    let (Some(presenting), Some(session)) = (&mut model.presenting, &mut model.session) else {
        return;
    };
    if !presenting.on {
        return;
    }
    let planned = presenting.item().is_some_and(|item| !item.stops.is_empty());
    let at = session.here();
    let here = session.timeline.cue_at(at).filter(|_| planned);
    if presenting.applied_stop != Some(here)
        && let Some(item) = presenting.playlist.items.get(presenting.at)
    {
        presenting.applied_stop = Some(here);
        let came = |place: usize| session.timeline.cues().nth(place)?.1;
        let stops = item.stops.iter().enumerate();
        let named = stops.filter_map(|(place, stop)| Some((came(place)?, stop.panes?)));
        let last = named.filter(|(came, _)| *came <= at);
        let last = last.max_by_key(|(came, _)| *came);
        let keys = session.panes;
        session.panes = last.map(|(_, panes)| panes).or(item.panes).unwrap_or(keys);
        presenting.only = only(item, here).map(str::to_owned);
        session.only = false;
    }
    if let Some(called) = &presenting.only
        && let Some(lane) = lecture::lane(&session.timeline, called)
    {
        session.selected = Some(lane);
        session.only = true;
        presenting.only = None;
    }
}

fn only(item: &Item, here: Option<usize>) -> Option<&str> {
    match here {
        Some(place) => item.stops.get(place)?.only.as_deref(),
        None => item.only.as_deref(),
    }
}

/// One pane more in the order of teaching, or one fewer; the last one stays.
pub(crate) fn pane(model: &mut Model, more: bool) {
    let seen = stage_view::panes(model);
    let Some(session) = &mut model.session else {
        return;
    };
    let shown = session.panes;
    let found = if more {
        panes::taught().find(|pane| !shown.shows(pane.id))
    } else {
        let mut others = panes::taught().filter(|pane| shown.shows(pane.id));
        others.clone().nth(1).and(others.next_back())
    };
    let Some(pane) = found else {
        model.say(if more {
            "all panes are on"
        } else {
            "the last pane stays"
        });
        return;
    };
    let word = pane.word;
    session.panes = shown.toggle_pane(pane.id);
    let fits = !more || stage_view::panes(model).len() > seen.len();
    model.say(if !more {
        format!("without {word}; d shows it again")
    } else if fits {
        format!("with {word}")
    } else {
        format!("with {word}, where the window has room for it")
    });
}

/// Where the view stops by itself; without a person at the keys at the notes at least.
pub(crate) fn wanted(model: &Model) -> AutoStop {
    match model.auto_stop {
        AutoStop::Off if model.autoplay.is_some() => AutoStop::Notes,
        chosen => chosen,
    }
}

/// Says why one stands here, where no note does.
pub(crate) fn say(model: &mut Model) {
    let Some(session) = &model.session else {
        return;
    };
    if let Playhead::Paused(moment) = session.playhead
        && let Some(words) = explain::stop(&session.timeline, moment, model.language)
    {
        model.say(words);
    }
}

/// The view has stopped by itself: where the view goes on by itself it stands for as long as one reads.
pub(crate) fn stopped(model: &mut Model) {
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
pub(crate) fn ticked(model: &mut Model, elapsed: Duration) {
    let ended = model.mode() == Mode::Ended;
    let result = |model: &Model| {
        let session = model.session.as_ref();
        session.map_or_else(Default::default, |session| {
            reading(&explain::result(&session.timeline, &session.answers))
        })
    };
    let Some(autoplay) = model.autoplay.filter(|_| model.screen == Screen::Stage) else {
        return;
    };
    let Some(left) = autoplay.left else {
        if ended {
            let left = Some(result(model));
            model.autoplay = model.autoplay.map(|_| Autoplay { left });
        }
        return;
    };
    let left = left.saturating_sub(elapsed);
    let stands = Some(left).filter(|left| !left.is_zero());
    model.autoplay = Some(Autoplay { left: stands });
    if stands.is_some() {
        return;
    }
    model.ask_for(Redraw::Now);
    if ended {
        let further = model.lecture().and_then(Presenting::after);
        if further.is_none() {
            // From here on it stays.
            model.autoplay = None;
        }
        if let Some(place) = further {
            model.open_item(place);
        }
        return;
    }
    let paused = matches!(&model.session, Some(one) if matches!(one.playhead, Playhead::Paused(_)));
    if paused {
        model.clear_notice();
    }
    if let Some(session) = &mut model.session
        && paused
    {
        session.playhead = session.onward();
    }
}
