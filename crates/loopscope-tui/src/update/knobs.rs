//! What keys do to the knobs: turn, type, run with them, and sweep over the values of one.

use crate::effect::Effect;
use crate::keys::action::Action;
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::session::explored;
use crate::session::explored::Sweep;
use crate::session::session::{Run, Session};
use crate::update::run;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::request::Request;
use loopscope_timeline::Point;
use loopscope_trace::{Knob, Story};

/// Opens the knobs over what is open, or says that there are none.
pub fn open(model: &mut Model) {
    let session = model.session.as_ref();
    if session.is_some_and(|session| session.run == Run::Recorded) {
        model.say("this is a recording: it cannot be run again with other numbers");
        return;
    }
    if session.is_none_or(|session| session.knobs.is_empty()) {
        model.say("this scenario has no knobs");
        return;
    }
    let over = std::mem::replace(&mut model.screen, Screen::Menu);
    model.screen = Screen::Knobs {
        over: Box::new(over),
        selected: 0,
        typed: None,
    };
}

/// Does what a key means while the knobs are open.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Screen::Knobs {
        selected, typed, ..
    } = &mut model.screen
    else {
        return Vec::new();
    };
    let Some(session) = &mut model.session else {
        return Vec::new();
    };
    let before = typed.take();
    let Some(knob) = session.knob(*selected).cloned() else {
        return Vec::new();
    };
    let value = session.knobs.get(*selected).map_or(0, |knob| knob.1);
    let mut turn = |value: i64| session.turn(*selected, value);
    match action {
        Action::Up => *selected = selected.saturating_sub(1),
        Action::Down => *selected = (*selected + 1).min(session.knobs.len().saturating_sub(1)),
        Action::Less | Action::More => {
            turn(explored::turned(&knob, value, action == Action::More));
        }
        Action::First => turn(knob.min),
        Action::Last => turn(knob.max),
        Action::Digit(digit) => {
            let all = before
                .unwrap_or(0)
                .saturating_mul(10)
                .saturating_add(i64::from(digit));
            *typed = Some(all.min(knob.max));
            turn(all);
            if all > knob.max {
                model.say(reach(&knob));
            }
        }
        Action::Usual => match before.map(|before| before / 10).filter(|left| *left > 0) {
            Some(left) => {
                *typed = Some(left);
                turn(left);
            }
            None => turn(knob.default),
        },
        Action::RunAgain => return run(model),
        Action::Sweep => return sweep(model, &knob),
        Action::Close => return close(model),
        _ => {}
    }
    Vec::new()
}

/// `threads goes from 1 to 200`.
fn reach(knob: &Knob) -> String {
    format!("{} goes from {} to {}", knob.name, knob.min, knob.max)
}

/// Stops a sweep that goes on; else closes the knobs. Where nothing has run yet, what lies below
/// is to speak of the numbers as they stand now.
fn close(model: &mut Model) -> Vec<Effect> {
    if model.explored.sweeps() {
        end_sweep(model);
        model.say("the sweep was stopped; Esc closes the knobs");
        return vec![Effect::Ask(Request::Stop)];
    }
    if let Screen::Knobs { over, .. } = &mut model.screen {
        let below = std::mem::replace(&mut **over, Screen::Menu);
        model.screen = below;
    }
    let session = model.session.as_ref();
    let session = session.filter(|session| session.run == Run::NotYet && !session.matches_knobs());
    session.map_or_else(Vec::new, |session| {
        vec![Effect::Ask(Request::Turn(session.knobs.clone()))]
    })
}

/// What is asked speaks of the run that is there; said where the next one has other numbers.
pub fn say_turned(model: &mut Model) {
    if model
        .session
        .as_ref()
        .is_some_and(|session| !session.matches_knobs())
    {
        model.say("the knobs were turned since: this speaks of the numbers of the last run");
    }
}

/// The story with the knobs as they stand, before anything has run.
pub fn turned(model: &mut Model, result: Result<Box<Story>, Problem>) {
    model.redraw = Redraw::Now;
    match result {
        Ok(story) => {
            let session = model.session.as_mut();
            // Meanwhile it may have begun to run, or another one may have been opened.
            let same = |session: &&mut Session| {
                session.run == Run::NotYet && session.timeline.story().id == story.id
            };
            if let Some(session) = session.filter(same) {
                session.reset_story(*story);
            }
        }
        Err(problem) => model.say(problem.sentence),
    }
}

/// Runs with one value of the knob after the other.
fn sweep(model: &mut Model, knob: &Knob) -> Vec<Effect> {
    let Some(session) = &model.session else {
        return Vec::new();
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
    vec![
        Effect::Ask(Request::Stop),
        Effect::Ask(Request::RunEach { number, knobs }),
    ]
}

/// One run of the sweep is over; what an older sweep still had is dropped.
pub fn swept(model: &mut Model, number: u32, point: Option<Point>) {
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

/// Keeps what the run that has ended came to. With requests from the keyboard in it, it is not like
/// the others.
pub fn keep_point(model: &mut Model) {
    let session = model.session.as_ref();
    if let Some(session) = session.filter(|session| !session.own_requests)
        && let Some(point) = Point::of(&session.timeline)
    {
        let id = &session.timeline.story().id;
        model.explored.add(id, point);
    }
}

/// Goes to the menu; a sweep stops, since nobody sees it any more.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    let swept = model.explored.sweeps();
    end_sweep(model);
    model.screen = Screen::Menu;
    swept
        .then_some(Effect::Ask(Request::Stop))
        .into_iter()
        .collect()
}

/// Whatever runs next has stopped the sweep.
pub fn end_sweep(model: &mut Model) {
    if let Some(sweep) = &mut model.explored.sweep {
        sweep.over = true;
    }
}
