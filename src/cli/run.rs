//! `loopscope run`: on the stage, as lines, or as a report.

use std::cell::RefCell;

use super::args::{Form, Look, RunArgs, Watch};
use super::failure::Failure;
use super::play::{Played, to_end};
use super::prepare::{self, Wish};
use super::settings::Settings;
use super::signals::Signals;
use super::wire::config::Config;
use super::wire::{self, ask};
use super::{Outcome, console, hold, output, plain, spread, stage};
use crate::export::text;
use loopscope_protocol::request::Client;
use loopscope_timeline::Timeline;
use loopscope_trace::{Clock, Story};
use loopscope_tui::settings::start::Start;

/// Runs a scenario in the form that was asked for.
pub(super) fn run(args: &RunArgs, watch: Watch, look: &Look) -> Outcome {
    let mut wish = Wish {
        seed: args.seed,
        knobs: args.knobs.clone(),
        ..Wish::at(args.pace, Clock::Real)
    };
    let lines = args.form.plain || args.form.json;
    let by_itself = !lines && plain::wanted_by_itself();
    let talks = args.times.is_none() && (args.ask || by_itself || !lines);
    if !talks {
        return unattended(args, &wish, watch);
    }
    let settings = Settings::load(look);
    if args.pace.clock.is_none() {
        wish.clock = settings.clock();
    }
    let knobs = wish.knobs.clone();
    let mut config = Config::new(wish.clone(), args.record.clone()).set(&settings);
    config.watch = stage::watched(watch, &settings);
    config.follows = !args.ask && !by_itself;
    let follows = config.follows;
    let client = wire::connect(config)?;
    let story = ask::open(&client, &args.scenario)?;
    if !knobs.is_empty() {
        // What is wrong with them is said here, and not on a screen.
        ask::turned(&client, &knobs)?;
    }
    if follows {
        let start = Start::Scenario {
            story: Box::new(story),
            knobs,
            autoplay: args.autoplay,
        };
        return stage::open(client, start, &settings);
    }
    plain::scenario(client, story, wish, &settings, by_itself)
}

/// Runs it for whoever reads lines or a report.
fn unattended(args: &RunArgs, wish: &Wish, watch: Watch) -> Outcome {
    let mut config = Config::new(wish.clone(), args.record.clone());
    // The listener is opened below, with its own sentences.
    config.watch = Watch {
        console: None,
        ..watch
    };
    let client = wire::connect(config)?;
    let mut story = ask::open(&client, &args.scenario)?;
    if !wish.knobs.is_empty() {
        story = ask::turned(&client, &wish.knobs)?;
    }
    if let Some(times) = args.times {
        spread::demand_form(args.form)?;
        return spread::spread(&client, &story, &wish.knobs, times, args.form);
    }
    if let Some(why) = prepare::slowed(&story, wish) {
        super::failure::say(&why);
    }
    if let Some(why) = prepare::really(&story, wish) {
        super::failure::say(&why);
    }
    // Before the runtime is built, or its tasks would not be seen.
    console::tell(watch.console);
    let signals = Signals::listen();
    let lines = RefCell::new(Lines::default());
    let played = to_end(
        &client,
        wish.knobs.clone(),
        &signals,
        |story| lines.borrow_mut().begin(story, args.form),
        |timeline| lines.borrow_mut().add(timeline),
    )?;
    let outcome = ended(&client, played, args.form, watch.hold.then_some(&signals));
    ask::leave(&client);
    outcome
}

/// Says what it came to; a runtime that is held waits for whoever has seen enough of it.
fn ended(client: &Client, played: Played, form: Form, hold: Option<&Signals>) -> Outcome {
    // Whoever has closed stdout wants no result either.
    if matches!(played.failure, Some(Failure::Quiet(_))) {
        return played.failure.map_or(Ok(()), Err);
    }
    result(&played.timeline, form)?;
    if let (Some(signals), None) = (hold, &played.failure)
        && let Some(signal) = hold::keep(client, signals)
    {
        return Err(Failure::Signal(signal));
    }
    played.failure.map_or(Ok(()), Err)
}

/// Prints a run while it goes on, where lines were asked for.
#[derive(Default)]
pub(super) struct Lines {
    writer: Option<text::Writer>,
}

impl Lines {
    /// Prints what is run.
    pub(super) fn begin(&mut self, story: &Story, form: Form) -> Outcome {
        if !form.plain {
            return Ok(());
        }
        self.writer = Some(text::Writer::default());
        output::text(&text::header(story))
    }

    /// Prints what has happened since the last call.
    pub(super) fn add(&mut self, timeline: &Timeline) -> Outcome {
        match self.writer.as_mut().map(|writer| writer.news(timeline)) {
            Some(news) if !news.is_empty() => output::text(&news),
            _ => Ok(()),
        }
    }
}

/// Prints what follows the last event: what it came to, or the report.
pub(super) fn result(timeline: &Timeline, form: Form) -> Outcome {
    if form.json {
        output::json(&crate::export::report(timeline))
    } else {
        output::text(&text::summary(timeline))
    }
}
