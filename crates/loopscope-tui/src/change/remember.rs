//! What is remembered beyond this run of the program: what was opened, and how it came out.

use crate::change::sweep;
use crate::events::effect::Effect;
use crate::model::model::Model;
use loopscope_protocol::menu::{Mark, Remember};
use loopscope_protocol::request::Request;
use loopscope_trace::EndReason;

/// A scenario of the menu was opened: the next start finds the cursor there.
pub fn opened(model: &Model, id: &str) -> Option<Effect> {
    let listed = model.menu.has(id);
    listed.then(|| Effect::Ask(Request::Remember(Remember::Opened(id.to_owned()))))
}

/// Remembers how the prediction came out, once, when a run has come to its own end.
pub fn ended(model: &mut Model) -> Option<Effect> {
    let session = model.session.as_mut()?;
    let reached = matches!(
        session.timeline.ended(),
        Some(EndReason::Finished | EndReason::Limit)
    );
    if session.marked || !reached {
        return None;
    }
    session.marked = true;
    let mark = match session.predicted_right() {
        None => Mark::Seen,
        Some(true) => Mark::Right,
        Some(false) => Mark::Wrong,
    };
    let scenario = session.timeline.story().id.clone();
    let prediction = session.prediction_in_words();
    let before = model.marks.get(&scenario).copied();
    model.marks.insert(scenario.clone(), mark.after(before));
    sweep::keep_point(model);
    Some(Effect::Ask(Request::Remember(Remember::Ended {
        scenario,
        mark,
        prediction,
    })))
}

/// The prediction was changed while one looked: what came of it is remembered anew.
pub fn again(model: &mut Model) -> Option<Effect> {
    model.session.as_mut()?.marked = false;
    ended(model)
}
