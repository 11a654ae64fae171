//! A question is asked, answered, kept and closed.

use crate::change::sweep;
use crate::change::sweep::run;
use crate::model::model::Model;
use crate::model::screen::Screen;
use crate::session::asking::{Asking, Draft};
use crate::session::playhead::Playhead;
use crate::session::session::{Run, Session};
use loopscope_protocol::request::Request;

/// Opens what comes before a run: the first question, or the stage where none is to be asked.
pub(crate) fn open_first(model: &mut Model) {
    model.screen = Screen::Stage;
    let first = model.session.as_ref().and_then(Session::first_question);
    if let Some(first) = first.filter(|_| model.asks) {
        ask(model, first);
    }
}

/// Opens the question at this place of the story.
pub(crate) fn ask(model: &mut Model, place: usize) {
    let Some(session) = &model.session else {
        return;
    };
    if let Some(question) = session.timeline.story().questions.get(place) {
        let said = session.answers.of(place);
        model.screen = Screen::Question(Asking::new(place, question, said));
    }
}

/// The story may have been told anew with other numbers, or from a changed file: what is being
/// answered begins anew where it does not fit any more.
pub(crate) fn settle(model: &mut Model) {
    let (Screen::Question(asking), Some(session)) = (&model.screen, &model.session) else {
        return;
    };
    let place = asking.question;
    match session.timeline.story().questions.get(place) {
        Some(question) if asking.fits(question) => {}
        Some(_) => ask(model, place),
        None => model.screen = Screen::Stage,
    }
}

/// Asks why it came so, where that is still to be asked; gives whether it is.
pub(crate) fn why(model: &mut Model) -> bool {
    let next = model.session.as_ref().and_then(Session::next_why);
    if let Some(place) = next {
        ask(model, place);
    }
    next.is_some()
}

pub(crate) fn carry(asking: &mut Asking, up: bool) {
    if let Draft::Lines { cursor, .. } = asking.draft {
        let to = if up {
            cursor.saturating_sub(1)
        } else {
            cursor + 1
        };
        asking.draft.carry(to);
    }
}

/// Keeps the answer and goes on; what cannot be read stays, and says what is expected.
pub(crate) fn commit(model: &mut Model) {
    let (Screen::Question(asking), Some(session)) = (&mut model.screen, &mut model.session) else {
        return;
    };
    let place = asking.question;
    let Some(question) = session.timeline.story().questions.get(place) else {
        return;
    };
    let answer = match asking.answer(question) {
        Ok(answer) => answer,
        Err(sentence) => {
            model.say(sentence);
            return;
        }
    };
    let after = question.after;
    let changed = session.answer_with(place, answer);
    if after {
        asking.answered = true;
        return keep(model, changed);
    }
    next(model, place, changed)
}

/// The next question that is asked before a run; after the last one it runs, or goes on.
fn next(model: &mut Model, place: usize, changed: bool) {
    let Some(session) = &model.session else {
        return;
    };
    let then = session.question_after(place);
    if then.is_none() && !session.stands_in_the_middle() {
        return run(model);
    }
    keep(model, changed);
    match then {
        Some(next) => ask(model, next),
        None => go_on(model, changed),
    }
}

/// Back to a run that has begun, on from where it stands.
pub(crate) fn go_on(model: &mut Model, changed: bool) {
    let Some(session) = &mut model.session else {
        return;
    };
    if let Playhead::Paused(moment) = session.playhead {
        session.playhead = Playhead::Playing(moment);
    }
    let second = session.answers.0.iter().any(|said| said.answers.len() > 1);
    model.screen = Screen::Stage;
    if changed && second {
        model.say("your second answer is kept beside the first");
    }
    if changed {
        sweep::remember_again(model);
    }
}

/// A why that was closed is not asked again.
pub(crate) fn pass(model: &mut Model) {
    if let (Screen::Question(asking), Some(session)) = (&model.screen, &mut model.session) {
        session.pass_why(asking.question);
    }
}

pub(crate) fn close(model: &mut Model) {
    pass(model);
    model.screen = Screen::Stage;
}

/// For the recording of the run that was begun last.
pub(crate) fn keep(model: &mut Model, changed: bool) {
    if let Some(session) = &model.session
        && changed
        && matches!(session.run, Run::Number(_))
    {
        model.ask(Request::KeepAnswers(session.answers.clone()));
    }
}
