//! `loopscope run`: on the stage, as lines, or as a report.

use std::cell::RefCell;
use std::net::SocketAddr;

use crate::app::failure::{Failure, Outcome};
use crate::app::open::open;
use crate::app::open::open::RunChoices;
use crate::app::run::console::Listener;
use crate::app::serve::app::{Config, Watch};
use crate::app::serve::{ask, serve};
use crate::app::settings::settings::Settings;
use crate::app::signals::Signals;
use crate::cli::args::others::{Look, ReplayArgs};
use crate::cli::args::run::{Form, RunArgs};
use crate::cli::play::{Lines, Played, played, result, to_end};
use crate::cli::{play, run, stage};
use crate::export::spread;
use crate::output;
use crate::output::say;
use crate::plain::talk::{DUMB, talk};
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::reply::Recorded;
use loopscope_protocol::request::Client;
use loopscope_timeline::explain;
use loopscope_trace::recording::Reading;
use loopscope_trace::{Clock, Language, Story};
use loopscope_tui::settings::settings::Start;

/// Opens the listener for a run without a screen, and says on stderr what came of it.
pub(crate) fn tell(address: Option<SocketAddr>) {
    let state = Listener::open(address).state();
    match &state {
        ConsoleState::Off => {}
        ConsoleState::Failed(why) => say(format!("loopscope: {why}")),
        ConsoleState::Listening { address, .. } => {
            let line = state.line().unwrap_or_default();
            say(format!(
                "loopscope: tokio-console can attach at {address}: {line}"
            ));
        }
    }
    if let Some(warning) = state.warning() {
        say(format!("loopscope: {warning}"));
    }
}

/// Runs a scenario in the form that was asked for.
pub(crate) fn run(args: &RunArgs, watch: Watch, look: &Look) -> Outcome {
    let mut choices = RunChoices {
        seed: args.seed,
        knobs: args.knobs.clone(),
        language: args.language.map(Language::from),
        ..RunChoices::at(args.pace, Clock::Real)
    };
    let lines = args.form.plain || args.form.json;
    let by_itself = !lines && output::wanted_by_itself();
    let talks = args.times.is_none() && (args.ask || by_itself || !lines);
    if !talks {
        return unattended(args, &choices, watch);
    }
    let settings = Settings::load(look).told_in(choices.language);
    if args.pace.clock.is_none() {
        choices.clock = settings.clock();
    }
    let knobs = choices.knobs.clone();
    let mut config = Config::new(choices.clone(), args.record.clone()).set(&settings);
    config.watch = stage::watched(watch, &settings);
    config.follows = !args.ask && !by_itself;
    let follows = config.follows;
    let client = serve::connect(config)?;
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
    let first = by_itself.then_some(DUMB);
    talk(client, choices, &settings, Some(story), first)
}

/// Runs it for a reader of lines or of a report.
fn unattended(args: &RunArgs, choices: &RunChoices, watch: Watch) -> Outcome {
    let mut config = Config::new(choices.clone(), args.record.clone());
    // The listener is opened below, with its own sentences.
    config.watch = Watch {
        console: None,
        ..watch
    };
    let client = serve::connect(config)?;
    let mut story = ask::open(&client, &args.scenario)?;
    if !choices.knobs.is_empty() {
        story = ask::turned(&client, &choices.knobs)?;
    }
    if let Some(times) = args.times {
        run::demand_form(args.form)?;
        return run::spread(&client, &story, &choices.knobs, times, args.form);
    }
    if let Some(why) = open::slowed(&story, choices) {
        crate::output::say(&why);
    }
    if let Some(why) = open::really(&story, choices) {
        crate::output::say(&why);
    }
    if let Some(why) = open::otherwise_told(&story, choices) {
        crate::output::say(&why);
    }
    // Before the runtime is built, or its tasks would not be seen.
    run::tell(watch.console);
    let signals = Signals::listen();
    let lines = RefCell::new(Lines::default());
    let played = to_end(
        &client,
        choices.knobs.clone(),
        &signals,
        |story| lines.borrow_mut().begin(story, args.form),
        |timeline| lines.borrow_mut().add(timeline),
    )?;
    let outcome = ended(&client, played, args.form, watch.hold.then_some(&signals));
    ask::leave(&client);
    outcome
}

/// Says what it came to; a runtime that is held waits until it is told to end.
fn ended(client: &Client, played: Played, form: Form, hold: Option<&Signals>) -> Outcome {
    // A reader that has closed stdout gets no result either.
    if matches!(played.failure, Some(Failure::Quiet(_))) {
        return played.failure.map_or(Ok(()), Err);
    }
    result(&played.timeline, form)?;
    if let (Some(refused), None) = (explain::refused(&played.timeline), &played.failure) {
        return Err(Failure::Io(refused.trim_end_matches('.').to_owned()));
    }
    if let (Some(signals), None) = (hold, &played.failure)
        && let Some(signal) = output::keep(client, signals)
    {
        return Err(Failure::Signal(signal));
    }
    played.failure.map_or(Ok(()), Err)
}

/// Runs a scenario many times, one after the other, and prints how the runs differ.
pub(crate) fn spread(
    client: &Client,
    story: &Story,
    knobs: &[(String, i64)],
    times: u32,
    form: Form,
) -> Outcome {
    let signals = Signals::listen();
    let all = play::many(client, knobs, times, &signals)?;
    let report = spread::report(story, &all);
    if form.json {
        output::json(&report)
    } else {
        output::text(&spread::text(&report))
    }
}

/// Many runs need a form in which the result is read.
pub(crate) fn demand_form(form: Form) -> Outcome {
    if form.json || form.plain {
        return Ok(());
    }
    Err(Failure::Usage(
        "--times counts many runs without a screen: add --plain for a chart or --json for a report; on the stage, R does it".to_owned(),
    ))
}

/// Shows a recording in the form that was asked for.
pub(crate) fn replay(args: &ReplayArgs, look: &Look) -> Outcome {
    let screen = !args.form.plain && !args.form.json;
    if screen {
        output::demand_terminal("replay FILE")?;
    }
    let cut_off = |cut: Option<String>| {
        if let Some(cut) = cut {
            say(format!("loopscope: {}: {cut}", args.file.display()));
        }
    };
    if !screen {
        // No application keeps a recording that is only printed.
        let Reading { trace, cut } = open::read(&args.file)?;
        cut_off(cut);
        return play::result(&played(trace, args.form)?, args.form);
    }
    let settings = Settings::load(look);
    let client = serve::connect(Config::new(RunChoices::default(), None).set(&settings))?;
    let Recorded { trace, cut } = ask::open_recording(&client, &args.file)?;
    cut_off(cut);
    let start = Start::Recording {
        trace: Box::new(trace),
        autoplay: args.autoplay,
    };
    stage::open(client, start, &settings)
}
