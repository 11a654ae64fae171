//! A presenter's two buttons: on and back.

use crate::change::present::{next, previous};
use crate::change::sweep::run;
use crate::change::{look, questions};
use crate::events::Effect;
use crate::keys::action::Action;
use crate::model::model::Model;
use crate::model::screen;
use crate::model::screen::Screen;
use crate::session::playhead::{Mode, Playhead};
use crate::settings::settings::AutoStop;
use crate::update::{question, stage};

/// The first button. Outside a lecture it goes to the next stop. In a lecture it carries all of it:
/// it runs, plays on to the next stop, skips what plays, and at the end opens the next scenario.
pub fn on(model: &mut Model) -> Vec<Effect> {
    if model.lecture().is_none() {
        return stage::act(model, Action::NextStop);
    }
    let mode = model.mode();
    if mode == Mode::Ended && questions::why(model) {
        return Vec::new();
    }
    let Some(session) = &mut model.session else {
        return Vec::new();
    };
    match mode {
        Mode::BeforeRun => return run(model),
        Mode::Ended => return next(model),
        Mode::Paused | Mode::Recorded => {
            let here = session.here();
            let last = session.over() && here >= session.timeline.last_moment();
            session.jump(if last {
                Playhead::Edge
            } else {
                Playhead::Playing(here)
            });
        }
        Mode::Playing | Mode::Live => {
            let here = session.here();
            let stops = model.auto_stop;
            match stops.next(&session.timeline, here) {
                Some(stop) => session.jump(Playhead::Paused(stop)),
                None if mode == Mode::Playing => session.jump(Playhead::Edge),
                None => {
                    let why = look::nowhere(session, Action::NextStop);
                    model.say(why.unwrap_or_default());
                }
            }
        }
    }
    Vec::new()
}

/// The second button: back to the stop before, the start, the question, the scenario before.
pub fn back(model: &mut Model) -> Vec<Effect> {
    let lecture = model.lecture().is_some();
    if matches!(model.screen, Screen::Question(_)) {
        if model.mode() == Mode::Ended {
            return question::act(model, Action::Close);
        }
        if lecture {
            return previous(model);
        }
        model.say("nothing is before the question; q goes to the menu");
        return Vec::new();
    }
    if !lecture {
        return stage::act(model, Action::PreviousStop);
    }
    let stops = model.auto_stop;
    let Some(session) = &mut model.session else {
        return Vec::new();
    };
    if session.mode() != Mode::BeforeRun && session.here() != Default::default() {
        let here = session.here();
        let before = match stops {
            AutoStop::Notes => session.timeline.previous_note(here),
            AutoStop::Off | AutoStop::All => session.timeline.previous_stop(here),
        };
        session.jump(Playhead::Paused(before.unwrap_or_default()));
        return Vec::new();
    }
    let asks = session.first_question().is_some();
    let item = model.lecture().and_then(screen::Presenting::item);
    if asks && item.is_none_or(|item| item.ask != Some(false)) {
        return stage::act(model, Action::AskAgain);
    }
    previous(model)
}
