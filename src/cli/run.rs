//! `loopscope run`: on the stage, as lines, or as a report.

use std::path::Path;

use super::args::{Form, Look, RunArgs, Watch};
use super::failure::Failure;
use super::play::{Played, play};
use super::prepare::{self, Wish};
use super::record::{self, Recorder};
use super::signals::Signals;
use super::{Outcome, console, hold, output, plain, source, spread, stage};
use crate::export::text;
use loopscope_lab::engine::Extras;
use loopscope_timeline::Timeline;
use loopscope_trace::{Answers, Clock, Story};

/// Runs a scenario in the form that was asked for.
pub(super) fn run(args: &RunArgs, watch: Watch, look: &Look) -> Outcome {
    let wish = Wish {
        seed: args.seed,
        knobs: args.knobs.clone(),
        ..Wish::at(args.pace, Clock::Real)
    };
    let source = source::find(&args.scenario)?;
    let scenario = prepare::scenario(&source, &wish)?;
    if let Some(times) = args.times {
        spread::demand_form(args.form)?;
        return spread::spread(&source, &wish, times, args.form);
    }
    record::keep_apart(args.record.as_deref(), Path::new(&source.file.path))?;
    let by_itself = !args.form.plain && !args.form.json && plain::wanted_by_itself();
    if args.ask || by_itself {
        return plain::scenario(args, wish, watch, look, by_itself);
    }
    if !args.form.plain && !args.form.json {
        return stage::scenario(args, wish, watch, look);
    }
    if let Some(why) = prepare::slowed(&scenario.story, &wish) {
        super::failure::say(&why);
    }
    if let Some(why) = prepare::really(&scenario.story, &wish) {
        super::failure::say(&why);
    }
    // Before the runtime is built, or its tasks would not be seen.
    console::tell(watch.console);
    let signals = Signals::listen();
    let recorder = args
        .record
        .as_deref()
        .map(|target| Recorder::start(target, &scenario.story, &Answers::default()))
        .transpose()?;
    let mut lines = Lines::begin(&scenario.story, args.form)?;
    let extras = Extras {
        hold: watch.hold,
        metrics: watch.metrics,
        ..Extras::default()
    };
    let played = play(scenario, extras, &signals, recorder, |timeline| {
        lines.add(timeline)
    })?;
    ended(played, args.form, &signals)
}

fn ended(played: Played, form: Form, signals: &Signals) -> Outcome {
    // Whoever has closed stdout wants no result either.
    if matches!(played.failure, Some(Failure::Quiet(_))) {
        return played.failure.map_or(Ok(()), Err);
    }
    result(&played.timeline, form)?;
    if let Some(run) = played.held
        && let Some(signal) = hold::keep(&run, signals)
    {
        return Err(Failure::Signal(signal));
    }
    played.failure.map_or(Ok(()), Err)
}

/// Prints a run while it goes on, where lines were asked for.
pub(super) struct Lines {
    writer: Option<text::Writer>,
}

impl Lines {
    /// Prints what is run.
    pub(super) fn begin(story: &Story, form: Form) -> Result<Self, Failure> {
        let writer = form.plain.then(text::Writer::default);
        if writer.is_some() {
            output::text(&text::header(story))?;
        }
        Ok(Self { writer })
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
