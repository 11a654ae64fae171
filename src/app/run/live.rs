//! What is run: a scenario that is played, or a program that is watched.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use crate::app::failure::Failure;
use loopscope_lab::engine;
use loopscope_lab::engine::{Extras, Options};
use loopscope_lab::scenario::Scenario;
use loopscope_trace::{Batch, Story};
use loopscope_watch::Watch;

/// How long a stopped run may take to say its last words.
const PATIENCE: Duration = Duration::from_secs(2);

/// A scenario that is played, or a program that is watched.
pub(crate) enum What {
    Scenario(Box<Scenario>, Extras),
    Program(Box<loopscope_watch::Options>),
}

impl What {
    /// What is known of it before it begins.
    pub(crate) fn story(&self) -> Story {
        match self {
            Self::Scenario(scenario, _) => scenario.story.clone(),
            Self::Program(options) => loopscope_watch::story(&options.title(), options.threshold),
        }
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
    Program(Watch),
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
            What::Program(options) => {
                let watch =
                    Watch::start(*options).map_err(|error| Failure::Io(error.to_string()))?;
                Ok((watch.story(), Self::Program(watch)))
            }
        }
    }

    pub(crate) fn batches(&self) -> &Receiver<Batch> {
        match self {
            Self::Scenario(run) => run.batches(),
            Self::Program(watch) => watch.batches(),
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
        if let Self::Program(watch) = self {
            watch.signal(number);
        }
    }

    pub(crate) fn stop(&self) {
        match self {
            Self::Scenario(run) => run.stop(),
            Self::Program(watch) => watch.stop(),
        }
    }

    /// How long it may take to end once it is stopped; a server ends its requests first.
    pub(crate) fn patience(&self) -> Duration {
        match self {
            Self::Scenario(_) => PATIENCE,
            Self::Program(_) => PATIENCE * 4,
        }
    }
}
