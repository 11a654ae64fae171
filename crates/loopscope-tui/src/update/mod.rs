//! From a message to a changed model and wishes. *In:* one [`Message`]. *Out:* [`Effect`]s.
//!
//! *Invariant:* no I/O, no clock: time comes as a length with a tick. *Absent on purpose:* drawing.

pub mod compare;
pub mod console;
pub mod hands;
pub mod keys;
pub mod knobs;
pub mod look;
pub mod menu;
pub mod mouse;
pub mod moves;
pub mod own;
pub mod panels;
pub mod present;
pub mod prompt;
pub mod question;
pub mod remember;
pub mod reveal;
pub mod spread;
pub mod stage;
pub mod stops;

use crate::effect::Effect;
use crate::message::Message;
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::own::Wish;
use crate::session::playhead::Playhead;
use crate::session::session::{Run, Session};
use crate::session::votes::Votes;
use crate::settings::start::Exit;
use crate::update::compare::open;
use loopscope_protocol::problem::Problem;
use loopscope_trace::{Batch, Clock, Nanos, Story};

/// A hang-up, for a terminal that is gone.
const HANG_UP: i32 = 1;

/// Takes one message in.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let before = model
        .session
        .as_ref()
        .map(Session::here)
        .unwrap_or_default();
    let was_menu = model.screen == Screen::Menu;
    let mut effects = take(model, message);
    question::settle(model);
    reveal::hands(model);
    if model.screen == Screen::Menu && !was_menu {
        // The person's own scenarios may be others by now.
        effects.push(Effect::Own(Wish::List(None)));
    }
    if let Some(session) = &mut model.session {
        session.settle(before);
    }
    present::settle(model);
    model.tell_next();
    effects
}

// table
#[expect(clippy::too_many_lines, reason = "an arm a message")]
fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => keys::pressed(model, key),
        Message::Mouse(mouse) => mouse::moved(model, mouse),
        Message::Paste(text) => {
            menu::pasted(model, &text);
            prompt::pasted(model, &text);
            question::pasted(model, &text);
            Vec::new()
        }
        Message::Resize { columns, rows } => {
            model.size = (columns, rows);
            model.redraw = Redraw::Now;
            Vec::new()
        }
        Message::Tick { elapsed } => {
            stage::ticked(model, elapsed);
            compare::ticked(model, elapsed);
            stops::ticked(model, elapsed)
        }
        Message::Batch { run, batch } => {
            let mut batch = Some(batch);
            let mut effects = compare::arrived(model, run, &mut batch);
            if let Some(batch) = batch {
                effects.extend(arrived(model, run, batch));
            }
            effects
        }
        Message::Counted { run, spread, over } => {
            spread::counted(model, run, *spread, over);
            Vec::new()
        }
        Message::Turned(result) => {
            knobs::turned(model, result);
            Vec::new()
        }
        Message::Swept { run, point } => {
            knobs::swept(model, run, point);
            Vec::new()
        }
        Message::Paired(result) => open::paired(model, result),
        Message::HalfStarted { side, run, result } => compare::started(model, side, run, result),
        Message::Votes {
            question,
            round,
            tally,
        } => {
            let votes = Votes {
                question,
                round,
                tally,
            };
            hands::arrived(model, votes)
        }
        Message::Opened(result) => opened(model, result),
        Message::Started { run, result } => {
            started(model, run, result);
            Vec::new()
        }
        Message::Own(news) => own::heard(model, news),
        Message::Sent(went_out) => {
            stage::sent(model, went_out);
            Vec::new()
        }
        Message::Console(state) => {
            console::changed(model, state);
            Vec::new()
        }
        Message::ConsoleOpened(state) => {
            console::opened(model, state);
            Vec::new()
        }
        Message::Panicked(sentence) => {
            model.say(sentence);
            Vec::new()
        }
        Message::Tell(sentence) => {
            model.tell(sentence);
            Vec::new()
        }
        Message::Suspend => vec![Effect::Suspend],
        Message::Resumed => vec![Effect::Repaint],
        Message::Signal(number) => vec![Effect::Quit(Exit::Signal(number))],
        Message::InputLost => vec![Effect::Quit(Exit::Signal(HANG_UP))],
    }
}

/// A scenario was loaded, or could not be.
pub(crate) fn opened(model: &mut Model, result: Result<Box<Story>, Problem>) -> Vec<Effect> {
    model.redraw = Redraw::Now;
    model.prompt = None;
    let opening = std::mem::take(&mut model.opening);
    let story = match result {
        Ok(story) => *story,
        Err(problem) => {
            model.screen = Screen::Problem { problem, scroll: 0 };
            return Vec::new();
        }
    };
    model.menu.go_to(&story.id);
    model.clear_notice();
    let mut effects: Vec<Effect> = remember::opened(model, &story.id).into_iter().collect();
    model.session = Some(Session::opened(story, &opening.knobs, model.play_speed));
    let asks = present::opened(model, &opening);
    if opening.autoplay {
        effects.extend(run(model));
    } else if asks {
        question::open_first(model);
    } else {
        model.screen = Screen::Stage;
    }
    effects
}

/// Wishes for a run of the opened scenario.
pub(crate) fn run(model: &mut Model) -> Vec<Effect> {
    if matches!(&model.session, Some(session) if session.run == Run::Recorded) {
        model.say("this is a recording: it cannot be run again");
        return Vec::new();
    }
    knobs::end_sweep(model);
    let Some(session) = &model.session else {
        return Vec::new();
    };
    model.runs += 1;
    model.screen.open_stage();
    vec![Effect::Run {
        number: model.runs,
        knobs: session.knobs.clone(),
        answers: session.answers.clone(),
    }]
}

/// A run began, or could not.
fn started(model: &mut Model, number: u32, result: Result<Box<Story>, Problem>) {
    model.redraw = Redraw::Now;
    match result {
        Ok(story) => {
            let play_speed = model.play_speed;
            let computed = story.clock == Clock::Virtual;
            if let Some(session) = &mut model.session {
                session.restart(number, *story);
                session.play_speed = play_speed.min(1.0);
                // A computed run is over at once: it is watched from its start.
                if play_speed < 1.0 || computed {
                    session.playhead = Playhead::Playing(Default::default());
                }
                model.screen.open_stage();
                model.shown = Nanos::ZERO;
                model.clear_notice();
                present::started(model);
                console::say_once(model);
            }
        }
        Err(problem) => own::mistaken(model, problem),
    }
}

/// A run has handed something on; what an older run still had is dropped.
fn arrived(model: &mut Model, number: u32, batch: Batch) -> Option<Effect> {
    let auto_stop = stops::wanted(model);
    let session = model.session.as_mut()?;
    if session.run != Run::Number(number) {
        return None;
    }
    let before = session.timeline.last_moment();
    session.timeline.extend(batch);
    let following = session.playhead == Playhead::Edge;
    if following && let Some(stop) = auto_stop.next(&session.timeline, before) {
        session.playhead = Playhead::Paused(stop);
        stops::stopped(model);
    }
    let session = model.session.as_ref()?;
    let ended = session.timeline.ended().is_some();
    let end = session.timeline.end();
    let mut remembered = None;
    if ended || model.screen.shows_stage() {
        remembered = remember::ended(model);
        stage::say_other_thread(model);
        // A view that stands still shows the live edge as one figure only.
        if end != model.shown || ended {
            model.shown = end;
            match (ended, following) {
                (true, _) => model.ask_for(Redraw::Now),
                (false, true) => model.moved(),
                (false, false) => model.ask_for(Redraw::Figures),
            }
        }
    }
    remembered
}
