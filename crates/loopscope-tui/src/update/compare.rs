//! What keys, time and replies do to a comparison.

use std::time::Duration;

use crate::change::compare_open::{run_both, run_half};
use crate::keys::action::Action;
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::screens::compare::draw::PLACES;
use crate::session::compare::{Compare, Find, Head};
use crate::session::playhead::next_speed;
use crate::session::session::Run;
use crate::settings::settings::AutoStop;
use crate::text::text;
use crate::update::menu;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::request::Request;
use loopscope_timeline::{Timeline, explain};
use loopscope_trace::{Batch, Nanos, Story};

/// A half began to run, or could not.
pub(crate) fn started(
    model: &mut Model,
    side: usize,
    number: u32,
    result: Result<Box<Story>, Problem>,
) {
    model.redraw = Redraw::Now;
    let Some(compare) = &mut model.compare else {
        return model.ask(Request::Stop);
    };
    match result {
        Ok(story) => {
            if let Some(session) = compare.sides.get_mut(side) {
                if matches!(session.run, Run::Number(newer) if newer > number) {
                    return;
                }
                session.restart(number, *story);
            }
            compare.head = if compare.in_turn {
                Head::Paused(Nanos::ZERO)
            } else {
                Head::Edge
            };
            if !compare.in_turn {
                compare.begin_slow();
            }
            compare.follow();
        }
        Err(problem) => {
            model.screen = Screen::problem(problem);
            model.ask(Request::Stop);
        }
    }
}

/// Takes what one of the two runs has handed on; a batch of another run is left where it is.
pub(crate) fn arrived(model: &mut Model, number: u32, batch: &mut Option<Batch>) {
    let Some(compare) = &mut model.compare else {
        return;
    };
    let Some(side) = compare.side_of(number) else {
        return;
    };
    let Some(batch) = batch.take() else {
        return;
    };
    compare.sides[side].timeline.extend(batch);
    let ended = compare.sides[side].timeline.ended().is_some();
    let mut then = false;
    if ended && compare.in_turn {
        if compare.over() {
            compare.head = Head::Playing(Nanos::ZERO);
        } else {
            then = side == 0 && compare.sides[1].run == Run::NotYet;
        }
    }
    compare.settle_slow();
    compare.follow();
    if then {
        run_half(model, 1);
    }
    if model.screen == Screen::Compare {
        model.moved();
    }
}

/// Moves on by `elapsed` of wall time.
pub(crate) fn ticked(model: &mut Model, elapsed: Duration) {
    if model.screen != Screen::Compare {
        return;
    }
    let stops = model.auto_stop;
    if let Some(compare) = &mut model.compare
        && let Head::Playing(before) = compare.head
    {
        compare.tick(elapsed);
        let reached = compare.now();
        if stops != AutoStop::Off {
            let next = compare.sides.iter().filter_map(|side| {
                let moment = side.timeline.moment_at(before);
                Some(stops.next(&side.timeline, moment)?.at)
            });
            if let Some(stop) = next.filter(|at| *at > before && *at <= reached).min() {
                compare.head = Head::Paused(stop);
                compare.follow();
            }
        }
        model.moved();
    }
}

/// Does what a key means here.
pub(crate) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Close => return leave(model, Screen::Menu),
        Action::Versus => return one_again(model),
        Action::RunAgain => return again(model),
        Action::Why => return why(model),
        _ => {}
    }
    let Some(compare) = &mut model.compare else {
        return;
    };
    if compare.prepares() && moves(action) {
        model.say("both compute, so they run one after the other; then they play side by side");
        return;
    }
    let wide = model.size.0 >= 120 && model.size.1 >= 36;
    let moved = look(compare, action, wide);
    if !moved {
        let start = compare.now() == Nanos::ZERO;
        model.say(if start {
            "this is the start of both runs"
        } else {
            "nothing later has happened in either run"
        });
    }
}

/// Moves the playhead of both, or what is shown; whether that changed anything.
fn look(compare: &mut Compare, action: Action, wide: bool) -> bool {
    match action {
        Action::Play => {
            compare.toggle();
            true
        }
        Action::Switch => {
            compare.focus = 1 - compare.focus;
            true
        }
        Action::Digit(1) => {
            let shown = compare.code.unwrap_or(wide);
            compare.code = Some(!shown);
            true
        }
        Action::Slower | Action::Faster => {
            compare.overrule();
            compare.play_speed = next_speed(compare.play_speed, action == Action::Faster);
            if compare.head == Head::Edge && !compare.over() {
                compare.play_speed = compare.play_speed.min(1.0);
                compare.head = Head::Playing(compare.now());
            }
            compare.follow();
            true
        }
        Action::First => {
            compare.head = Head::Paused(Nanos::ZERO);
            compare.follow();
            true
        }
        Action::Last => {
            if !compare.over() {
                compare.overrule();
                compare.play_speed = 1.0;
            }
            compare.head = Head::Edge;
            compare.follow();
            true
        }
        _ => step(compare, action).unwrap_or(true),
    }
}

const fn moves(action: Action) -> bool {
    !matches!(action, Action::Switch | Action::Digit(_))
}

/// Steps through both runs; `None` for a key that does not step.
fn step(compare: &mut Compare, action: Action) -> Option<bool> {
    let (find, forward): (Find, bool) = match action {
        Action::MomentBack => (Timeline::previous_change, false),
        Action::MomentForward => (Timeline::next_change, true),
        Action::EventBack => (Timeline::previous_event, false),
        Action::EventForward => (Timeline::next_event, true),
        Action::NextStop => (Timeline::next_stop, true),
        Action::PreviousStop => (Timeline::previous_stop, false),
        _ => return None,
    };
    Some(if forward {
        compare.forward(find)
    } else {
        compare.back(find)
    })
}

/// Says what holds the focused side up, in one sentence.
fn why(model: &mut Model) {
    let Some(compare) = &model.compare else {
        return;
    };
    let side = &compare.sides[compare.focus];
    let world = side.timeline.world_at(side.here());
    let sentence = explain::caption(&side.timeline, &world, model.language);
    // Two rows are all that there is for it.
    let room = usize::from(model.size.0.saturating_sub(2));
    let named = format!("{}: {sentence}", side.name());
    let said = match text::wrap(&named, room, 3).len() {
        ..3 => named,
        _ => format!("{}: {sentence}", PLACES[compare.focus]),
    };
    model.say(said);
}

/// Back to the scenario on the focused side alone.
fn one_again(model: &mut Model) {
    let Some(compare) = &model.compare else {
        return;
    };
    let side = &compare.sides[compare.focus];
    let id = side.timeline.story().id.clone();
    if side.run == Run::Recorded || !model.menu.has(&id) {
        model.session = Some(side.clone());
        return leave(model, Screen::Stage);
    }
    model.ask(Request::Stop);
    menu::open(model, id);
}

/// Runs both again.
fn again(model: &mut Model) {
    let recorded = |compare: &Compare| compare.sides.iter().all(|side| side.run == Run::Recorded);
    if model.compare.as_ref().is_some_and(recorded) {
        model.say("these are recordings: they cannot be run again");
        return;
    }
    if let Some(compare) = &mut model.compare {
        for side in &mut compare.sides {
            if side.run != Run::Recorded {
                side.run = Run::NotYet;
            }
        }
    }
    model.ask(Request::Stop);
    run_both(model);
}

fn leave(model: &mut Model, screen: Screen) {
    model.screen = screen;
    model.ask(Request::Stop);
}
