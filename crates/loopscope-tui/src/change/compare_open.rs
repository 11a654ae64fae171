//! What opens beside a run: another run on the same clock, and the spread of many.

use crate::change::sweep;
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
pub fn open(model: &mut Model, left: String, right: String) {
    model.versus = None;
    model.ask(Request::Stop);
    model.ask(Request::OpenPair([left, right]));
}

/// Compares the scenario on the stage with what it goes with.
pub(crate) fn from_stage(model: &mut Model) {
    let Some(session) = &model.session else {
        return;
    };
    if session.run == Run::Recorded {
        model.say("this is a recording: `loopscope compare FILE FILE` puts two side by side");
        return;
    }
    let story = session.timeline.story();
    let left = story.id.clone();
    match story.contrast.clone().filter(|id| model.menu.has(id)) {
        Some(right) if model.menu.has(&left) => open(model, left, right),
        _ => model.say("nothing goes with this scenario; v in the menu compares any two"),
    }
}

/// Compares the scenario on the stage with its exported program, run by a real Python.
pub(crate) fn for_real(model: &mut Model) {
    let Some(session) = &model.session else {
        return;
    };
    let id = session.timeline.story().id.clone();
    if session.run == Run::Recorded || !model.menu.has(&id) {
        return model.say("only a scenario has a program that can be run beside it");
    }
    open(model, id.clone(), format!("python:{id}"));
}

/// The same for the scenario under the cursor.
pub(crate) fn selected_for_real(model: &mut Model) {
    let id = model.menu.selected().map(|entry| entry.id.clone());
    match id {
        Some(id) => open(model, id.clone(), format!("python:{id}")),
        None => model.say("nothing is found; Esc clears what is sought"),
    }
}

/// Compares the scenario under the cursor with what it goes with, or with one that is chosen next.
pub(crate) fn from_menu(model: &mut Model) {
    let Some(entry) = model.menu.selected() else {
        model.say("nothing is found; Esc clears what is sought");
        return;
    };
    let (id, contrast) = (entry.id.clone(), entry.contrast.clone());
    if let Some(left) = model.versus.take() {
        if left == id {
            model.say("a scenario is not compared with itself: choose another one, or Esc");
            model.versus = Some(left);
            return;
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
        }
    }
}

/// Chooses the scenario under the cursor as the first of any two.
pub(crate) fn choose(model: &mut Model) {
    if let Some(entry) = model.menu.selected() {
        let id = entry.id.clone();
        model.say(format!("{id} and …: choose the other one, and press v"));
        model.versus = Some(id);
    }
}

/// Two were loaded, or could not be.
pub(crate) fn paired(model: &mut Model, result: Result<Box<[Half; 2]>, Problem>) {
    model.redraw = Redraw::Now;
    match result {
        Ok(halves) => {
            model.clear_notice();
            model.compare = Some(Compare::new(*halves, model.play_speed));
            model.screen = Screen::Compare;
            run_both(model)
        }
        Err(problem) => model.screen = Screen::problem(problem),
    }
}

/// Asks for a run of both halves; of the first one only, where each needs the processor.
pub(crate) fn run_both(model: &mut Model) {
    let Some(compare) = &mut model.compare else {
        return;
    };
    let runs =
        |side: &usize| compare.sides[*side].run != Run::Recorded && !(*side > 0 && compare.in_turn);
    let sides: Vec<usize> = (0..2).filter(runs).collect();
    if sides.is_empty() {
        compare.head = Head::Paused(Nanos::ZERO);
        compare.settle_slow();
        compare.follow();
    }
    for side in sides {
        run_half(model, side);
    }
}

/// Asks for a run of one half.
pub(crate) fn run_half(model: &mut Model, side: usize) {
    let story = model
        .compare
        .as_ref()
        .and_then(|compare| compare.sides.get(side));
    let id = story.map(|session| session.timeline.story().id.clone());
    model.runs += 1;
    model.ask(Request::Run {
        slot: Slot::PAIR[side.min(1)],
        number: model.runs,
        knobs: id.map_or_else(Vec::new, |id| sweep::kept_knobs(model, &id)),
        answers: Answers::default(),
    });
}

/// Runs the opened scenario many times.
pub(crate) fn open_spread(model: &mut Model) {
    let Some(session) = &model.session else {
        return;
    };
    if session.run == Run::Recorded {
        model.say("this is a recording: it cannot be run again");
        return;
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
    model.ask(Request::Stop);
    model.ask(Request::RunMany {
        number,
        times: TIMES,
        knobs,
        hurry: true,
    });
}

/// A count has come; one of older runs is dropped.
pub(crate) fn counted(model: &mut Model, number: u32, spread: Spread, over: bool) {
    if let Some(many) = model.many.as_mut().filter(|many| many.number == number) {
        many.spread = spread;
        many.over = over;
        model.ask_for(if over { Redraw::Now } else { Redraw::Figures });
    }
}

/// Does what a key means here.
pub(crate) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Close | Action::ToMenu => {
            model.screen = if action == Action::Close {
                Screen::Stage
            } else {
                Screen::Menu
            };
            model.ask(Request::Stop);
        }
        Action::RunMany => open_spread(model),
        _ => {}
    }
}
