//! Runs of the opened scenario: one, or one a value of a knob; and what is remembered of them.

use crate::model::model::{Model, Redraw, Starting};
use crate::session::explored;
use crate::session::explored::Sweep;
use crate::session::session::{Run, Session};
use loopscope_protocol::menu::{Mark, Remember, ended};
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::Slot;
use loopscope_protocol::request::Request;
use loopscope_timeline::{Sample, Timing, busy};
use loopscope_trace::{EndReason, Knob, Story};

/// What is asked speaks of the run that is there; said where the next one has other numbers.
pub(crate) fn say_turned(model: &mut Model) {
    if model
        .session
        .as_ref()
        .is_some_and(|session| !session.matches_knobs())
    {
        model.say("the knobs were turned since: this speaks of the numbers of the last run");
    }
}

/// What is asked in the menu is to speak of the numbers of the next run.
pub(crate) fn tell_turned(model: &mut Model) {
    let session = model.session.as_ref();
    let differs = |session: &&Session| session.run != Run::Recorded && !session.matches_knobs();
    if let Some(knobs) = session.filter(differs).map(|session| session.knobs.clone()) {
        model.ask(Request::Turn(knobs));
    }
}

/// The knobs of the next run, where it is this scenario that is open and they were turned.
pub(crate) fn kept_knobs(model: &Model, id: &str) -> Vec<(String, i64)> {
    let session = model.session.as_ref();
    let same =
        |session: &&Session| session.run != Run::Recorded && session.timeline.story().id == id;
    let session = session.filter(same);
    session.map_or_else(Vec::new, |session| {
        session.fitting(session.timeline.story())
    })
}

/// The story with the knobs as they stand: in the place of the one that is shown, before anything has run; else
/// beside it, where the next run is told of.
pub(crate) fn turned(model: &mut Model, result: Result<Box<Story>, Problem>) {
    model.redraw = Redraw::Now;
    match result {
        Ok(story) => {
            let session = model.session.as_mut();
            // Meanwhile it may have begun to run, or another one may have been opened.
            let same = |session: &&mut Session| session.timeline.story().id == story.id;
            match session.filter(same) {
                Some(session) if session.run == Run::NotYet => session.reset_story(*story),
                Some(session) => session.retold = Some(story),
                None => {}
            }
        }
        Err(problem) => model.say(problem.sentence),
    }
}

/// Runs with one value of the knob after the other.
pub(crate) fn sweep(model: &mut Model, knob: &Knob) {
    let Some(session) = &model.session else {
        return;
    };
    let standing = &session.knobs;
    let with = |value: i64| {
        let mut knobs = standing.clone();
        for (name, own) in &mut knobs {
            if *name == knob.name {
                *own = value;
            }
        }
        knobs
    };
    let knobs: Vec<_> = explored::values(knob).into_iter().map(with).collect();
    model.runs += 1;
    model.explored.sweep = Some(Sweep {
        number: model.runs,
        scenario: session.timeline.story().id.clone(),
        wanted: knobs.len(),
        done: 0,
        without: 0,
        over: false,
    });
    let number = model.runs;
    model.ask(Request::Stop);
    model.ask(Request::RunEach { number, knobs });
}

/// One run of the sweep is over; what an older sweep still had is dropped.
pub(crate) fn swept(model: &mut Model, number: u32, point: Option<Sample>) {
    if let Some((_, scenario)) = model.explored.free.take_if(|free| free.0 == number) {
        return computed(model, &scenario, point);
    }
    let going = model.explored.sweep.as_mut();
    let Some(sweep) = going.filter(|sweep| sweep.number == number && !sweep.over) else {
        return;
    };
    sweep.done += 1;
    sweep.without += usize::from(point.is_none());
    sweep.over = sweep.done >= sweep.wanted;
    let scenario = sweep.scenario.clone();
    if let Some(point) = point {
        model.explored.add(&scenario, point);
    }
    model.ask_for(Redraw::Now);
}

/// Has the run that has ended computed where others used the machine meanwhile: what it would have taken alone.
fn ask_for_computed(model: &mut Model) {
    let asked = model.session.as_ref().filter(|session| {
        let lives = matches!(session.run, Run::Number(_)) && !session.own_requests;
        lives && session.timeline.computed().is_none() && busy(&session.timeline).is_some()
    });
    let Some(story) = asked.map(|session| session.timeline.story()) else {
        return;
    };
    let id = story.id.clone();
    let knobs = story.knobs.iter();
    let knobs = knobs.map(|knob| (knob.name.clone(), knob.value)).collect();
    model.runs += 1;
    let number = model.runs;
    model.explored.free = Some((number, id));
    model.ask(Request::RunEach {
        number,
        knobs: vec![knobs],
    });
}

/// The computed run is over: what was predicted is judged by it.
fn computed(model: &mut Model, scenario: &str, point: Option<Sample>) {
    let point = point.filter(|point| point.timing == Timing::Computed);
    let Some((session, point)) = model.session.as_mut().zip(point) else {
        return;
    };
    // Meanwhile another one may have been opened, or run.
    let story = session.timeline.story();
    let same = story.id == scenario && explored::stand(&story.knobs, &point.knobs);
    if session.timeline.ended().is_none() || !same {
        return;
    }
    let before = session.predicted_right();
    session.timeline.compare_with_computed(point.elapsed);
    if session.predicted_right() != before {
        remember_again(model);
    }
    model.ask_for(Redraw::Now);
}

/// Keeps what the run that has ended came to. With requests from the keyboard in it, it is not like
/// the others.
pub(crate) fn keep_point(model: &mut Model) {
    let session = model.session.as_ref();
    if let Some(session) = session.filter(|session| !session.own_requests)
        && let Some(point) = Sample::of(&session.timeline)
    {
        let id = &session.timeline.story().id;
        model.explored.add(id, point);
    }
}

/// Whatever runs next has stopped the sweep.
pub(crate) fn end_sweep(model: &mut Model) {
    model.explored.free = None;
    if let Some(sweep) = &mut model.explored.sweep {
        sweep.over = true;
    }
}

/// Asks for a run of the opened scenario.
pub(crate) fn run(model: &mut Model) {
    if matches!(&model.session, Some(session) if session.run == Run::Recorded) {
        model.say("this is a recording: it cannot be run again");
        return;
    }
    if model.starting.is_some() {
        model.say("the run is starting");
        return;
    }
    end_sweep(model);
    let Some(session) = &model.session else {
        return;
    };
    let (knobs, answers) = (session.knobs.clone(), session.answers.clone());
    model.runs += 1;
    model.screen.open_stage();
    model.starting = Some(Starting {
        number: model.runs,
        late: Vec::new(),
    });
    model.ask(Request::Run {
        slot: Slot::Only,
        number: model.runs,
        knobs,
        answers,
    });
}

/// A scenario of the menu was opened: the next start finds the cursor there.
pub(crate) fn remember_opened(model: &mut Model, id: &str) {
    if model.menu.has(id) {
        model.ask(Request::Remember(Remember::Opened(id.to_owned())));
    }
}

/// Remembers how the prediction came out, once, when a run has come to its own end.
pub(crate) fn remember_ended(model: &mut Model) {
    let Some(session) = &mut model.session else {
        return;
    };
    let reason = session.timeline.ended();
    let reached = reason.is_some_and(|reason| reason != EndReason::Stopped);
    if session.marked || !reached || session.is_watched() {
        return;
    }
    session.marked = true;
    let mark = match session.predicted_right() {
        None => Mark::Seen,
        Some(true) => Mark::Right,
        Some(false) => Mark::Wrong,
    };
    let scenario = session.timeline.story().id.clone();
    let prediction = session.prediction_in_words();
    ended(&scenario, mark, &mut model.marks, &mut model.practice);
    model.menu.number(&model.practice);
    keep_point(model);
    model.ask(Request::Remember(Remember::Ended {
        scenario,
        mark,
        prediction,
    }));
    ask_for_computed(model);
}

/// The prediction was changed while one looked: what came of it is remembered anew.
pub(crate) fn remember_again(model: &mut Model) {
    if let Some(session) = &mut model.session {
        session.marked = false;
        remember_ended(model);
    }
}
