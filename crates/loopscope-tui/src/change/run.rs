//! A run of the opened scenario is asked for.

use crate::change::sweep;
use crate::events::effect::Effect;
use crate::model::model::{Model, Starting};
use crate::session::session::Run;
use loopscope_protocol::reply::Slot;
use loopscope_protocol::request::Request;

/// Asks for a run of the opened scenario.
pub(crate) fn run(model: &mut Model) -> Vec<Effect> {
    if matches!(&model.session, Some(session) if session.run == Run::Recorded) {
        model.say("this is a recording: it cannot be run again");
        return Vec::new();
    }
    if model.starting.is_some() {
        model.say("the run is starting");
        return Vec::new();
    }
    sweep::end_sweep(model);
    let Some(session) = &model.session else {
        return Vec::new();
    };
    model.runs += 1;
    model.screen.open_stage();
    model.starting = Some(Starting {
        number: model.runs,
        late: Vec::new(),
    });
    vec![Effect::Ask(Request::Run {
        slot: Slot::Only,
        number: model.runs,
        knobs: session.knobs.clone(),
        answers: session.answers.clone(),
    })]
}
