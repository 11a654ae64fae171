//! What opens beside a run: another run on the same clock, and the spread of many.

use crate::events::Effect;
use crate::keys::action::Action;
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::session::compare::{Compare, Head};
use crate::session::explored::{Many, TIMES};
use crate::session::session::Run;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::{Half, Slot};
use loopscope_protocol::request::Request;
use loopscope_timeline::Spread;
use loopscope_trace::{Answers, Nanos};

/// Compares `left` with `right`; a run that goes on is stopped, since the processor is needed.
pub fn open(model: &mut Model, left: String, right: String) -> Vec<Effect> {
    model.versus = None;
    vec![
        Effect::Ask(Request::Stop),
        Effect::Ask(Request::OpenPair([left, right])),
    ]
}

/// Compares the scenario on the stage with what it goes with.
pub fn from_stage(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &model.session else {
        return Vec::new();
    };
    if session.run == Run::Recorded {
        model.say("this is a recording: `loopscope compare FILE FILE` puts two side by side");
        return Vec::new();
    }
    let story = session.timeline.story();
    let left = story.id.clone();
    match story.contrast.clone().filter(|id| model.menu.has(id)) {
        Some(right) if model.menu.has(&left) => open(model, left, right),
        _ => {
            model.say("nothing goes with this scenario; v in the menu compares any two");
            Vec::new()
        }
    }
}

/// Compares the scenario under the cursor with what it goes with, or with one that is chosen next.
pub fn from_menu(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = model.menu.selected() else {
        model.say("nothing is found; Esc clears what is sought");
        return Vec::new();
    };
    let (id, contrast) = (entry.id.clone(), entry.contrast.clone());
    if let Some(left) = model.versus.take() {
        if left == id {
            model.say("a scenario is not compared with itself: choose another one, or Esc");
            model.versus = Some(left);
            return Vec::new();
        }
        return open(model, left, id);
    }
    match contrast.filter(|id| model.menu.has(id)) {
        Some(right) => open(model, id, right),
        None => {
            model.say(format!(
                "{id} goes with none: choose what to compare it with, and press v"
            ));
            model.versus = Some(id);
            Vec::new()
        }
    }
}

/// Chooses the scenario under the cursor as the first of any two.
pub fn choose(model: &mut Model) {
    if let Some(entry) = model.menu.selected() {
        let id = entry.id.clone();
        model.say(format!("{id} and …: choose the other one, and press v"));
        model.versus = Some(id);
    }
}

/// Two were loaded, or could not be.
pub fn paired(model: &mut Model, result: Result<Box<[Half; 2]>, Problem>) -> Vec<Effect> {
    model.redraw = Redraw::Now;
    match result {
        Ok(halves) => {
            model.clear_notice();
            model.compare = Some(Compare::new(*halves, model.play_speed));
            model.screen = Screen::Compare;
            run_both(model)
        }
        Err(problem) => {
            model.screen = Screen::Problem { problem, scroll: 0 };
            Vec::new()
        }
    }
}

/// Asks for a run of both halves; of the first one only, where each needs the processor.
pub(crate) fn run_both(model: &mut Model) -> Vec<Effect> {
    let Some(compare) = &mut model.compare else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    for side in 0..2 {
        if compare.sides[side].run == Run::Recorded || (side > 0 && compare.in_turn) {
            continue;
        }
        model.runs += 1;
        let number = model.runs;
        effects.push(run_half(side, number));
    }
    if effects.is_empty() {
        compare.head = Head::Paused(Nanos::ZERO);
        compare.follow();
    }
    effects
}

/// Asks for a run of one half.
pub fn run_half(side: usize, number: u32) -> Effect {
    Effect::Ask(Request::Run {
        slot: Slot::PAIR[side.min(1)],
        number,
        knobs: Vec::new(),
        answers: Answers::default(),
    })
}

/// Runs the opened scenario many times.
pub fn open_spread(model: &mut Model) -> Vec<Effect> {
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
        Action::RunMany => open_spread(model),
        _ => Vec::new(),
    }
}
