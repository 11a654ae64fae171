//! From a message to a changed model and requests. *In:* one [`Message`]. *Out:* [`Effect`]s.
//!
//! *Invariant:* no I/O, no clock: time comes as a length with a tick. *Absent on purpose:* drawing.

// An arm a message, an arm a reply: a dispatch table

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

use crate::effect::{Effect, Terminal};
use crate::message::Message;
use crate::model::model::{Model, Redraw, Starting};
use crate::model::screen::Screen;
use crate::session::playhead::Playhead;
use crate::session::session::{Run, Session};
use crate::session::votes::Votes;
use crate::settings::start::Exit;
use crate::update::compare::open;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::{Reply, Slot};
use loopscope_protocol::request::Request;
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
    if effects.contains(&Effect::Ask(Request::Stop)) {
        // What is starting is not to be shown any more.
        effects.extend(give_up(model));
    }
    if model.screen == Screen::Menu && !was_menu {
        // The person's own scenarios may be others by now.
        effects.push(Effect::Ask(Request::List(None)));
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
        Message::Edited(editing, outcome) => own::edited(model, editing, outcome),
        Message::Reply(reply) => answered(model, reply),
        Message::Panicked(sentence) => {
            model.say(sentence);
            Vec::new()
        }
        Message::Suspend => vec![Effect::Terminal(Terminal::Suspend)],
        Message::Resumed => vec![Effect::Terminal(Terminal::Repaint)],
        Message::Signal(number) => vec![Effect::Quit(Exit::Signal(number))],
        Message::InputLost => vec![Effect::Quit(Exit::Signal(HANG_UP))],
    }
}

/// Takes in what the application tells.
// table
#[expect(clippy::too_many_lines, reason = "an arm a reply")]
fn answered(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Batch { run, batch } => {
            let mut batch = Some(batch);
            let mut effects = compare::arrived(model, run, &mut batch);
            if let Some(batch) = batch {
                effects.extend(arrived(model, run, batch));
            }
            effects
        }
        Reply::Counted { run, spread, over } => {
            spread::counted(model, run, *spread, over);
            Vec::new()
        }
        Reply::Turned(result) => {
            knobs::turned(model, result);
            Vec::new()
        }
        Reply::Swept { run, point } => {
            knobs::swept(model, run, point);
            Vec::new()
        }
        Reply::Paired(result) => open::paired(model, result),
        Reply::Votes {
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
        Reply::Opened(result) => opened(model, result),
        Reply::Started { slot, run, result } => match slot.side() {
            Some(side) => compare::started(model, side, run, result),
            None => started(model, run, result),
        },
        news @ (Reply::Listed(..)
        | Reply::Edit(_)
        | Reply::FileChanged
        | Reply::FileUnwatched(_)
        | Reply::Reloaded(_)
        | Reply::Offered(_)
        | Reply::Exported(_)) => own::heard(model, news),
        Reply::Sent(went_out) => {
            stage::sent(model, went_out);
            Vec::new()
        }
        Reply::Console(state) => {
            console::changed(model, state);
            Vec::new()
        }
        Reply::ConsoleOpened(state) => {
            console::opened(model, state);
            Vec::new()
        }
        Reply::Tell(sentence) => {
            model.tell(sentence);
            Vec::new()
        }
        Reply::NotesKey(key) => keys::pressed(model, key.into()),
        // Told to whoever asks for it elsewhere.
        Reply::Hello(_) | Reply::Recorded(_) | Reply::Ended { .. } | Reply::Left(_) => Vec::new(),
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
    model.starting = None;
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

/// Asks for a run of the opened scenario.
pub(crate) fn run(model: &mut Model) -> Vec<Effect> {
    if matches!(&model.session, Some(session) if session.run == Run::Recorded) {
        model.say("this is a recording: it cannot be run again");
        return Vec::new();
    }
    if model.starting.is_some() {
        model.say("the run is starting");
        return Vec::new();
    }
    knobs::end_sweep(model);
    let Some(session) = &model.session else {
        return Vec::new();
    };
    model.runs += 1;
    model.screen.open_stage();
    model.starting = Some(Starting {
        number: model.runs,
        late: Vec::new(),
    });
    vec![Effect::Ask(Request::Run {
        slot: Slot::Only,
        number: model.runs,
        knobs: session.knobs.clone(),
        answers: session.answers.clone(),
    })]
}

/// A run began, or could not.
fn started(model: &mut Model, number: u32, result: Result<Box<Story>, Problem>) -> Vec<Effect> {
    let ours = |starting: &mut Starting| starting.number == number;
    let Some(starting) = model.starting.take_if(ours) else {
        return Vec::new();
    };
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
        Err(problem) => {
            own::mistaken(model, problem);
            return catch_up(model, starting);
        }
    }
    Vec::new()
}

/// What is starting will not be shown.
fn give_up(model: &mut Model) -> Vec<Effect> {
    let starting = model.starting.take();
    starting.map_or_else(Vec::new, |starting| catch_up(model, starting))
}

/// What is shown stays the run before: it takes in what came meanwhile.
fn catch_up(model: &mut Model, starting: Starting) -> Vec<Effect> {
    let late = starting.late.into_iter();
    late.filter_map(|(run, batch)| arrived(model, run, batch))
        .collect()
}

/// A run has handed something on; what an older run still had is dropped.
fn arrived(model: &mut Model, number: u32, batch: Batch) -> Option<Effect> {
    let auto_stop = stops::wanted(model);
    let session = model.session.as_mut()?;
    if session.run != Run::Number(number) {
        return None;
    }
    if let Some(starting) = &mut model.starting {
        starting.late.push((number, batch));
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
