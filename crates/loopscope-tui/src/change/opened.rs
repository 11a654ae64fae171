//! A scenario is opened; where the screen begins, and what follows what.

use std::time::Duration;

use crate::change::sweep::run;
use crate::change::{aside, present, questions, sweep};
use crate::model::lecture;
use crate::model::model::{Model, Opening, Redraw, Starting};
use crate::model::screen::{Autoplay, Presenting, Screen};
use crate::session::motion::Motion;
use crate::session::playhead::{Mode, Playhead};
use crate::session::session::{Run, Session};
use crate::settings::settings::Start;
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::practice::Exercises;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::request::Request;
use loopscope_timeline::Timeline;
use loopscope_trace::{Batch, Clock, Nanos, Story};

/// At the first run that can be attached: what to type.
pub(crate) fn say_once(model: &mut Model) {
    if model.said_once.console || model.console == ConsoleState::Off {
        return;
    }
    model.said_once.console = true;
    model.say(model.console.sentence());
}

/// A scenario was loaded, or could not be.
pub(crate) fn opened(model: &mut Model, result: Result<Box<Story>, Problem>) {
    model.redraw = Redraw::Now;
    model.prompt = None;
    let opening = std::mem::take(&mut model.opening);
    let story = match result {
        Ok(story) => *story,
        Err(problem) => {
            model.screen = Screen::problem(problem);
            return;
        }
    };
    model.menu.go_to(&story.id);
    model.clear_notice();
    lecture::opened_exercise(model, &story.id);
    sweep::remember_opened(model, &story.id);
    model.session = Some(Session::opened(story, &opening.knobs, model.play_speed));
    model.starting = None;
    let asks = present::opened(model, &opening);
    let session = model.session.as_ref();
    let turned = session.filter(|session| !session.matches_knobs());
    if let Some(knobs) = turned.map(|session| session.knobs.clone())
        && !opening.autoplay
    {
        // What is asked is to speak of the numbers as they stand.
        model.ask(Request::Turn(knobs));
    }
    if opening.autoplay {
        run(model);
    } else if asks {
        questions::open_first(model);
    } else {
        model.screen = Screen::Stage;
    }
    aside::say_so(model);
}

/// A run began, or could not.
pub(crate) fn started(model: &mut Model, number: u32, result: Result<Box<Story>, Problem>) {
    let ours = |starting: &mut Starting| starting.number == number;
    let Some(starting) = model.starting.take_if(ours) else {
        return;
    };
    model.redraw = Redraw::Now;
    match result {
        Ok(story) => {
            let play_speed = model.play_speed;
            let computed = story.clock == Clock::Virtual;
            if let Some(session) = &mut model.session {
                session.restart(number, *story);
                session.play_speed = play_speed.min(1.0);
                session.motion = Motion::at(play_speed);
                // A computed run is over at once: it is watched from its start.
                if play_speed < 1.0 || computed {
                    session.playhead = Playhead::Playing(Default::default());
                }
                session.begin_slow();
                model.screen.open_stage();
                model.shown = Nanos::ZERO;
                model.clear_notice();
                present::started(model);
                say_once(model);
                aside::tell_size(model);
            }
        }
        Err(problem) => {
            model.show_problem(problem);
            catch_up(model, starting);
        }
    }
}

/// What is starting will not be shown.
pub(crate) fn give_up(model: &mut Model) {
    if let Some(starting) = model.starting.take() {
        catch_up(model, starting);
    }
}

/// What is shown stays the run before: it takes in what came meanwhile.
fn catch_up(model: &mut Model, starting: Starting) {
    for (run, batch) in starting.late {
        arrived(model, run, batch);
    }
}

/// A run has handed something on; what an older run still had is dropped.
pub(crate) fn arrived(model: &mut Model, number: u32, batch: Batch) {
    let Some(batch) = aside::arrived(model, number, batch) else {
        return;
    };
    let auto_stop = present::wanted(model);
    let ours = |session: &&mut Session| session.run == Run::Number(number);
    let Some(session) = model.session.as_mut().filter(ours) else {
        return;
    };
    if let Some(starting) = &mut model.starting {
        return starting.late.push((number, batch));
    }
    let before = session.timeline.last_moment();
    // Before the first turn of a loop no time passes.
    let news = !batch.events.is_empty() && session.timeline.end() == Nanos::ZERO;
    session.timeline.extend(batch);
    let following = session.playhead == Playhead::Edge;
    if following && let Some(stop) = auto_stop.next(&session.timeline, before) {
        session.playhead = Playhead::Paused(stop);
    }
    let stopped = following && session.playhead != Playhead::Edge;
    session.settle_slow();
    let (ended, end) = (session.timeline.ended().is_some(), session.timeline.end());
    if stopped {
        present::stopped(model);
    }
    if ended || model.screen.shows_stage() {
        sweep::remember_ended(model);
        say_other_thread(model);
        // A view that stands still shows the live edge as one figure only.
        if end != model.shown || ended || news {
            model.shown = end;
            match (ended, following) {
                (true, _) => model.ask_for(Redraw::Now),
                (false, true) => model.moved(),
                (false, false) => model.ask_for(Redraw::Figures),
            }
        }
    }
}

/// Only the last stretch of a run is kept from now on.
pub(crate) fn windowed(model: &mut Model, number: u32, from: Nanos, timeline: Timeline) {
    let sides = model
        .compare
        .iter_mut()
        .flat_map(|compare| &mut compare.sides);
    let aside = model.aside.as_deref_mut();
    let mut sessions = sides.chain(&mut model.session).chain(aside);
    if let Some(session) = sessions.find(|session| session.run == Run::Number(number)) {
        session.let_go(from, timeline);
        model.ask_for(Redraw::Now);
    }
}

/// The end is on the screen: votes that were counted are shown, once by themselves.
pub(crate) fn reveal_votes(model: &mut Model) {
    if model.screen != Screen::Stage {
        return;
    }
    let Some(session) = &mut model.session else {
        return;
    };
    if session.revealed || session.mode() != Mode::Ended {
        return;
    }
    session.revealed = true;
    session.vote_bars = session.counted().first().copied();
}

/// The wall time after which a block looks like a crash.
const LOOKS_DEAD: Duration = Duration::from_secs(2);

/// Two seconds into the first block: a still picture looks like a crash.
pub(crate) fn say_other_thread(model: &mut Model) {
    if model.said_once.thread || model.mode() != Mode::Live {
        return;
    }
    let Some(session) = &model.session else {
        return;
    };
    let held = session.held_for();
    let is_long = held > Nanos::ZERO && held.wall(session.run_speed()) >= LOOKS_DEAD;
    if is_long && session.standing_note().is_none() {
        model.said_once.thread = true;
        model.say_of_block("nothing moves in the loop; this screen is another thread");
    }
}

/// What was said of a block ends with it, and where a note is due.
pub(crate) fn end_notice_of_block(model: &mut Model) {
    let live = model.mode() == Mode::Live && model.screen.shows_stage();
    let session = model.session.as_ref().filter(|_| live);
    let holds = session.is_some_and(|session| {
        session.held_for() > Nanos::ZERO && session.standing_note().is_none()
    });
    if !holds && model.notice.take_if(|notice| notice.of_block).is_some() {
        model.ask_for(Redraw::Now);
    }
}

impl Model {
    /// Goes where the command line starts.
    pub fn begin(&mut self, start: Start) {
        match start {
            Start::Menu | Start::Pair(_) => {}
            Start::Present {
                playlist,
                autoplay,
                again,
            } => {
                self.autoplay = autoplay.then(Autoplay::default);
                self.presenting = Some(Presenting::new(*playlist, again, self.big));
                self.open_item(0);
            }
            Start::Exercise {
                mixed, count: left, ..
            } => {
                self.exercises = Exercises {
                    mixed,
                    left,
                    next: None,
                };
            }
            Start::Scenario {
                knobs, autoplay, ..
            } => {
                self.autoplay = autoplay.then(Autoplay::default);
                self.opening = Opening {
                    knobs,
                    autoplay,
                    lecture: false,
                };
            }
            Start::Recording { trace, autoplay } => {
                let mut session = Session::recorded(*trace, self.play_speed);
                if autoplay {
                    session.playhead = Playhead::Playing(session.here());
                }
                self.autoplay = autoplay.then(Autoplay::default);
                self.session = Some(session);
                self.screen = Screen::Stage;
            }
        }
    }

    /// How many scenarios were run to their end.
    pub(crate) fn seen(&self) -> usize {
        self.menu
            .entries()
            .iter()
            .filter(|entry| self.marks.contains_key(&entry.id))
            .count()
    }

    /// The playlist, while its scenario is the one that is open.
    pub fn lecture(&self) -> Option<&Presenting> {
        self.presenting.as_ref().filter(|lecture| lecture.on)
    }

    /// Opens the scenario at a place of the playlist.
    pub(crate) fn open_item(&mut self, place: usize) {
        let runs = self.session.as_ref().is_some_and(|session| session.runs());
        let Some(presenting) = &mut self.presenting else {
            return;
        };
        let Some(item) = presenting.playlist.items.get(place) else {
            return;
        };
        self.opening = Opening {
            knobs: item.knobs.clone(),
            autoplay: self.autoplay.is_some(),
            lecture: true,
        };
        let (speed, run) = (item.speed, item.run.clone());
        presenting.at = place;
        if runs {
            self.ask(Request::Stop);
        }
        self.ask(Request::Pace(speed));
        self.ask(Request::Open(run));
    }
}
