//! What keys, a presenter's two buttons and time do on the stage.

use std::time::Duration;

use crate::change::look::reveal;
use crate::change::sweep::run;
use crate::change::{compare_open, look, present, questions};
use crate::keys::action::Action;
use crate::model::model::{Model, Redraw};
use crate::model::prompt::PromptKind;
use crate::model::screen::{Presenting, Screen};
use crate::screens::stage::stage_view;
use crate::session::playhead::{Mode, Playhead, next_speed};
use crate::session::session::{Run, Session};
use crate::settings::panes::PaneId;
use crate::settings::settings::AutoStop;
use crate::update::{events, menu, own_program, panels, prompt, question, scroll};
use loopscope_protocol::request::Request;
use loopscope_trace::Clock;

/// Does what a key means on the stage.
pub(crate) fn act(model: &mut Model, action: Action) {
    if events::act(model, action) || scroll::act(model, action) || own_program::act(model, action) {
        return;
    }
    match action {
        Action::Play => play(model),
        Action::Offer => offer(model),
        Action::RunAgain => run(model),
        Action::Send => send(model),
        Action::Close => close(model),
        Action::RunMany => compare_open::open_spread(model),
        Action::Versus => compare_open::from_stage(model),
        Action::ForReal => compare_open::for_real(model),
        Action::Knobs => panels::open_knobs(model),
        Action::AskAgain => question::again(model),
        Action::Votes => question::show_votes(model),
        Action::Why => look::why(model),
        Action::Back => look::back(model),
        Action::ZoomIn | Action::ZoomOut | Action::Fit | Action::Earlier | Action::Later => {
            look::zoom(model, action);
        }
        Action::Undo => look::undo(model),
        Action::NextPane | Action::PreviousPane => {
            look::next_pane(model, action == Action::NextPane);
        }
        Action::Only => look::only(model),
        Action::PaneMore | Action::PaneFewer => {
            present::pane(model, action == Action::PaneMore);
        }
        Action::GoTo => prompt::open(model, PromptKind::Time),
        Action::Find => prompt::open(model, PromptKind::Text),
        Action::Pane(letter) => panels::toggle(model, letter),
        Action::Metrics => panels::open_metrics(model),
        Action::Says => panels::console_says(model),
        Action::Events => events::toggle(model),
        Action::Up => select(model, -1),
        Action::Down => select(model, 1),
        Action::Faster | Action::Slower => watch(model, action == Action::Faster),
        // The button that leads from stop to stop leads on to what is asked at the end.
        Action::NextStop if model.mode() == Mode::Ended && questions::why(model) => {}
        _ => {
            if let Some(session) = &mut model.session {
                let before = session.playhead;
                look::look(session, action);
                let stands = before == session.playhead;
                if let Some(why) = stands.then(|| look::nowhere(session, action)).flatten() {
                    model.say(why);
                } else if matches!(action, Action::NextStop | Action::PreviousStop) {
                    present::say(model);
                }
            }
        }
    }
}

fn play(model: &mut Model) {
    let Some(session) = &mut model.session else {
        return;
    };
    if session.run == Run::NotYet {
        return run(model);
    }
    let live = session.mode() == Mode::Live;
    session.playhead = session.playhead.toggled(&session.timeline, session.over());
    if live && !model.said_once.pause {
        model.said_once.pause = true;
        model.say("paused: the run goes on, and is recorded");
    } else {
        model.notice = None;
    }
}

fn offer(model: &mut Model) {
    let asks = |session: &Session| session.trail.is_some();
    if model.session.as_ref().is_some_and(asks) {
        return look::follow(model);
    }
    let found = PaneId::Found.row().digit();
    if let Some(session) = model.session.as_mut().filter(|it| it.focus == found) {
        session.ungrouped = !session.ungrouped;
        return;
    }
    match model.mode() {
        Mode::BeforeRun => run(model),
        Mode::Ended if questions::why(model) => {}
        Mode::Ended if model.lecture().is_some() => present::next(model),
        Mode::Ended => match model.next_id().map(str::to_owned) {
            Some(id) => menu::open(model, id),
            None => {
                model.say("nothing follows this one; q goes to the menu");
            }
        },
        _ => look::why(model),
    }
}

/// Closes what lies on top; on the bare stage: menu.
fn close(model: &mut Model) {
    let lecture = model.lecture().is_some();
    match &mut model.session {
        Some(session) if session.trail.is_some() => session.trail = None,
        Some(session) if session.only => session.only = false,
        Some(session) if session.vote_bars.is_some() && session.mode() == Mode::Ended => {
            session.vote_bars = None;
        }
        // The buttons of some presenters send it; the lecture shall not end by them.
        _ if lecture => model.say("PgDn goes on; q goes to the menu"),
        _ => own_program::leave(model),
    }
}

fn send(model: &mut Model) {
    match &model.session {
        Some(session) if session.runs() => model.ask(Request::SendRequest),
        Some(session) if session.run == Run::NotYet => {
            model.say("nothing runs yet; space runs");
        }
        Some(session) if session.run == Run::Recorded => {
            model.say("this is a recording: nobody is there to take a request")
        }
        _ => {
            model.say("the run is over; r runs it again");
        }
    }
}

/// A request went out, or could not.
pub(crate) fn sent(model: &mut Model, went_out: bool) {
    if went_out {
        if let Some(session) = &mut model.session {
            session.own_requests = true;
        }
        model.say("your own requests are in this run: not held against what is expected");
    } else {
        model.say("nobody takes requests: this program is no server, or it has ended");
    }
}

fn watch(model: &mut Model, faster: bool) {
    let Some(session) = &mut model.session else {
        return;
    };
    if session.mode() == Mode::Live && faster {
        model.say("at the live edge: it cannot go faster than it happens");
        return;
    }
    session.overrule();
    session.play_speed = next_speed(session.play_speed, faster);
    if session.mode() == Mode::Live {
        // Slower than it happens: the view falls behind from here on.
        session.playhead = Playhead::Playing(session.timeline.last_moment());
    }
}

/// Selects the next lane in the order of the screen; the lanes scroll along where they must.
fn select(model: &mut Model, by: isize) {
    let order = stage_view::lane_order(model);
    let Some(session) = &mut model.session else {
        return;
    };
    let Some(last) = order.len().checked_sub(1) else {
        return;
    };
    let selected = session.selected;
    let place = match order.iter().position(|(lane, _)| Some(*lane) == selected) {
        Some(place) => place.saturating_add_signed(by).min(last),
        None if by < 0 => last,
        None => 0,
    };
    session.selected = Some(order[place].0);
    reveal(model);
}

/// Moves on by `elapsed` of wall time.
pub(crate) fn ticked(model: &mut Model, elapsed: Duration) {
    if let Some(notice) = &mut model.notice {
        notice.left = notice.left.saturating_sub(elapsed);
        if notice.left.is_zero() {
            model.notice = None;
            model.ask_for(Redraw::Now);
        }
    }
    let stops = present::wanted(model);
    let Some(session) = &mut model.session else {
        return;
    };
    if !model.screen.shows_stage() || !matches!(session.playhead, Playhead::Playing(_)) {
        return;
    }
    if session.runs() && session.timeline.story().clock == Clock::Virtual {
        // All of it comes at once, in a moment.
        return;
    }
    session.play_on(elapsed, stops);
    if session.playhead == Playhead::Edge && session.runs() {
        // Caught up: from here on it happens as it happens.
        session.play_speed = 1.0;
    }
    if matches!(session.playhead, Playhead::Paused(_)) {
        present::stopped(model);
    }
    model.moved();
}

/// The first button. Outside a lecture it goes to the next stop. In a lecture it carries all of it:
/// it runs, plays on to the next stop, skips what plays, and at the end opens the next scenario.
pub(crate) fn on(model: &mut Model) {
    if model.lecture().is_none() {
        return act(model, Action::NextStop);
    }
    let mode = model.mode();
    if mode == Mode::Ended && questions::why(model) {
        return;
    }
    let Some(session) = &mut model.session else {
        return;
    };
    match mode {
        Mode::BeforeRun => run(model),
        Mode::Ended => present::next(model),
        Mode::Paused | Mode::Recorded => {
            session.jump(session.onward());
        }
        Mode::Playing | Mode::Live => {
            let here = session.here();
            let stops = model.auto_stop;
            match stops.next(&session.timeline, here) {
                Some(stop) => session.jump(Playhead::Paused(stop)),
                None if mode == Mode::Playing => session.jump(Playhead::Edge),
                None => {
                    let why = look::nowhere(session, Action::NextStop);
                    model.say(why.unwrap_or_default());
                }
            }
        }
    }
}

/// The second button: back to the stop before, the start, the question, the scenario before.
pub(crate) fn return_back(model: &mut Model) {
    let lecture = model.lecture().is_some();
    if matches!(model.screen, Screen::Question(_)) {
        if model.mode() == Mode::Ended {
            return question::act(model, Action::Close);
        }
        if lecture {
            return present::previous(model);
        }
        model.say("nothing is before the question; q goes to the menu");
        return;
    }
    if !lecture {
        return act(model, Action::PreviousStop);
    }
    let stops = model.auto_stop;
    let Some(session) = &mut model.session else {
        return;
    };
    if session.mode() != Mode::BeforeRun && session.here() != Default::default() {
        let here = session.here();
        let before = match stops {
            AutoStop::Notes => session.timeline.previous_note(here),
            AutoStop::Off | AutoStop::All => session.timeline.previous_stop(here),
        };
        session.jump(Playhead::Paused(before.unwrap_or_default()));
        return;
    }
    let asks = session.first_question().is_some();
    let item = model.lecture().and_then(Presenting::item);
    if asks && item.is_none_or(|item| item.ask != Some(false)) {
        return act(model, Action::AskAgain);
    }
    present::previous(model)
}
