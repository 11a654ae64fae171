//! What keys and counts do to many runs of one scenario.

use crate::events::effect::Effect;
use crate::keys::action::Action;
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::session::explored::{Many, TIMES};
use crate::session::session::Run;
use loopscope_protocol::request::Request;
use loopscope_timeline::Spread;

/// Runs the opened scenario many times.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &model.session else {
        return Vec::new();
    };
    if session.run == Run::Recorded {
        model.say("this is a recording: it cannot be run again");
        return Vec::new();
    }
    let knobs = session.knobs.clone();
    let title = session.timeline.story().title.clone();
    model.runs += 1;
    let number = model.runs;
    model.many = Some(Many {
        number,
        title,
        ..Many::default()
    });
    model.screen = Screen::Many;
    vec![
        Effect::Ask(Request::Stop),
        Effect::Ask(Request::RunMany {
            number,
            times: TIMES,
            knobs,
            hurry: true,
        }),
    ]
}

/// A count has come; one of older runs is dropped.
pub fn counted(model: &mut Model, number: u32, spread: Spread, over: bool) {
    if let Some(many) = model.many.as_mut().filter(|many| many.number == number) {
        many.spread = spread;
        many.over = over;
        model.ask_for(if over { Redraw::Now } else { Redraw::Figures });
    }
}

/// Does what a key means here.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Close | Action::ToMenu => {
            model.screen = if action == Action::Close {
                Screen::Stage
            } else {
                Screen::Menu
            };
            vec![Effect::Ask(Request::Stop)]
        }
        Action::RunMany => open(model),
        _ => Vec::new(),
    }
}
