//! What is run: a scenario that is played, or a program that is watched.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use crate::app::failure::Failure;
use crate::app::open::program::Program;
use crate::app::run::visits::{Step, Visits};
use loopscope_lab::engine;
use loopscope_lab::engine::{Extras, Options};
use loopscope_lab::scenario::Scenario;
use loopscope_trace::{Batch, Story};
use loopscope_watch::{Exit, Watch};

/// How long a stopped run may take to say its last words.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a program may take until something is heard of it.
const SILENCE: Duration = Duration::from_secs(3);

/// A scenario that is played, or a program that is watched.
pub(crate) enum What {
    Scenario(Box<Scenario>, Extras),
    Program(Box<Program>),
}

impl What {
    /// What is known of it before it begins.
    pub(crate) fn story(&self) -> Story {
        match self {
            Self::Scenario(scenario, _) => scenario.story.clone(),
            Self::Program(program) => program.story(),
        }
    }

    /// How much of it is kept at least, where it may have no end.
    pub(crate) fn keep(&self) -> Option<Duration> {
        match self {
            Self::Scenario(..) => None,
            Self::Program(program) => Some(program.keep),
        }
    }

    /// Whether what happens before it says that it begins is left out.
    pub(crate) fn says_where_it_begins(&self) -> bool {
        matches!(self, Self::Program(program) if program.of_scenario.is_some())
    }

    /// Whether one more request can be sent into it.
    pub(crate) fn takes_requests(&self) -> bool {
        matches!(self, Self::Scenario(scenario, _) if scenario.story.is_server())
    }

    /// Whether its runtime is kept after its end.
    pub(crate) fn is_held(&self) -> bool {
        matches!(self, Self::Scenario(_, extras) if extras.hold)
    }
}

/// One of them while it goes on.
pub(crate) enum Live {
    Scenario(engine::Run),
    Program(Box<Watched>),
}

/// A program that is watched.
pub(crate) struct Watched {
    watch: Watch,
    visits: Visits,
    program: Box<Program>,
    began: Instant,
    /// It was said that nothing is heard of it.
    said: bool,
}

impl Watched {
    /// Why nothing is heard of it that has a screen, once that should have been.
    fn silence(&mut self) -> Option<String> {
        let waits = self.program.options.terminal.is_some() && !self.said;
        let is_silent = waits && self.began.elapsed() > SILENCE && !self.watch.heard();
        self.said |= is_silent;
        is_silent.then(|| self.program.unheard())
    }
}

impl Live {
    pub(crate) fn begin(what: What) -> Result<(Story, Self), Failure> {
        match what {
            What::Scenario(scenario, extras) => {
                let story = scenario.story.clone();
                let options = Options {
                    speed: story.speed,
                    seed: story.seed,
                };
                let run = engine::start_with(Arc::new(*scenario), &options, extras)?;
                Ok((story, Self::Scenario(run)))
            }
            What::Program(program) => {
                let watch = Watch::start(program.options.clone())
                    .map_err(|error| Failure::Io(error.to_string()))?;
                let visits = Visits::new(program.requests.clone(), program.until_answered);
                let story = watch.story();
                let watched = Watched {
                    watch,
                    visits,
                    program,
                    began: Instant::now(),
                    said: false,
                };
                Ok((story, Self::Program(Box::new(watched))))
            }
        }
    }

    pub(crate) fn batches(&self) -> &Receiver<Batch> {
        match self {
            Self::Scenario(run) => run.batches(),
            Self::Program(watched) => watched.watch.batches(),
        }
    }

    /// One more request; a program that is watched has clients of its own.
    pub(crate) fn send_request(&self) {
        if let Self::Scenario(run) = self {
            let _ = run.send_request(None);
        }
    }

    /// A signal for a program that is watched.
    pub(crate) fn signal(&self, number: i32) {
        if let Self::Program(watched) = self {
            watched.watch.signal(number);
        }
    }

    /// Gives the terminal of a program that is watched another size.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        if let Self::Program(watched) = self {
            watched.watch.resize(columns, rows);
        }
    }

    pub(crate) fn stop(&self) {
        match self {
            Self::Scenario(run) => run.stop(),
            Self::Program(watched) => watched.watch.stop(),
        }
    }

    /// What there is to say about a program that is watched.
    pub(crate) fn notes(&self) -> Vec<String> {
        match self {
            Self::Scenario(_) => Vec::new(),
            Self::Program(watched) => watched.watch.notes(),
        }
    }

    /// Sends a program that is watched what it is to be sent; what there is to tell of that, and of its silence.
    pub(crate) fn visit(&mut self) -> Option<String> {
        let Self::Program(watched) = self else {
            return None;
        };
        if let Some(why) = watched.silence() {
            return Some(why);
        }
        let Watched { watch, visits, .. } = &mut **watched;
        let processes = || {
            let mut all = watch.pids();
            all.push(watch.pid());
            all
        };
        match visits.step(processes) {
            Step::Wait => None,
            Step::Tell(what) => Some(what),
            Step::End => {
                watch.stop();
                None
            }
        }
    }

    /// How a program that is watched has ended, as a shell tells it.
    pub(crate) fn exit(&self) -> Option<i32> {
        let Self::Program(watched) = self else {
            return None;
        };
        // One that was joined goes on without the watch, or ended where another one learns how.
        if watched.program.options.join.is_some() {
            return None;
        }
        match watched.watch.exit()? {
            Exit::Code(code) => Some(code),
            Exit::Signal(number) => Some(128 + number),
        }
    }

    /// Why nothing was heard of a program that is watched and has ended.
    pub(crate) fn unheard(&self) -> Option<String> {
        let Self::Program(watched) = self else {
            return None;
        };
        // What was found and cannot be told has been said.
        let is_told = watched.said || watched.watch.noted();
        let is_news = !watched.watch.heard() && !is_told;
        is_news.then(|| watched.program.unheard())
    }

    /// How long it may take to end once it is stopped; a server ends its requests first.
    pub(crate) fn patience(&self) -> Duration {
        match self {
            Self::Scenario(_) => PATIENCE,
            Self::Program(_) => PATIENCE * 4,
        }
    }
}
