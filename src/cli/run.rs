//! `loopscope run`: on the stage, as lines, or as a report.

use super::args::{Form, Look, RunArgs};
use super::failure::Failure;
use super::play::{Played, play};
use super::prepare::{self, Wish};
use super::record::Recorder;
use super::signals::Signals;
use super::{Outcome, output, source, stage};
use crate::timeline::Timeline;

/// Runs a scenario in the form that was asked for.
pub(super) fn run(args: &RunArgs, look: &Look) -> Outcome {
    output::keep_color(look.color);
    let wish = Wish {
        seed: args.seed,
        knobs: args.knobs.clone(),
        ..Wish::at(args.pace)?
    };
    let source = source::find(&args.scenario)?;
    let scenario = prepare::scenario(&source, &wish)?;
    if !args.form.plain && !args.form.json {
        return stage::scenario(args, wish, look);
    }
    let signals = Signals::listen();
    let recorder = args
        .record
        .as_deref()
        .map(|target| Recorder::start(target, &scenario.story));
    let plain = args.form.plain;
    let played = play(scenario, &signals, recorder, |timeline, first| {
        if plain {
            lines(timeline, first)
        } else {
            Ok(())
        }
    })?;
    ended(played, args.form)
}

fn ended(played: Played, form: Form) -> Outcome {
    // Whoever has closed stdout wants no result either.
    if matches!(played.failure, Some(Failure::Quiet(_))) {
        return played.failure.map_or(Ok(()), Err);
    }
    result(&played.timeline, form)?;
    played.failure.map_or(Ok(()), Err)
}

/// Prints what follows the last event: the findings as lines, or the report.
pub(super) fn result(timeline: &Timeline, form: Form) -> Outcome {
    if form.json {
        output::json(&super::later::report(timeline))
    } else {
        output::text(&super::later::summary(timeline))
    }
}

/// Prints the events from `first` on, a line each.
pub(super) fn lines(timeline: &Timeline, first: usize) -> Outcome {
    let mut text = String::new();
    for index in first..timeline.trace().events.len() {
        super::later::push_event(&mut text, timeline, index);
    }
    if text.is_empty() {
        return Ok(());
    }
    output::text(&text)
}
