//! A program that is watched while a scenario is on the stage, and the terminal of both.

use crate::model::model::Model;
use crate::session::session::{Run, Session};
use loopscope_protocol::request::Request;
use loopscope_trace::Batch;

/// The run of a program that is kept aside hands something on; gives it back where it is of another one.
pub(crate) fn arrived(model: &mut Model, number: u32, batch: Batch) -> Option<Batch> {
    match &mut model.aside {
        Some(aside) if aside.run == Run::Number(number) => {
            aside.timeline.extend(batch);
            None
        }
        _ => Some(batch),
    }
}

/// A scenario was opened over a program that goes on.
pub(crate) fn say_so(model: &mut Model) {
    if model.aside.as_ref().is_some_and(|aside| aside.runs()) {
        model.say("your program goes on meanwhile; q comes back to it");
    }
}

/// The terminal of a program that is watched is as large as the screen.
pub(crate) fn tell_size(model: &mut Model) {
    let mut sessions = model.session.iter().chain(model.aside.as_deref());
    if sessions.any(Session::is_watched) {
        let (columns, rows) = model.size;
        model.ask(Request::Resize(columns, rows));
    }
}
