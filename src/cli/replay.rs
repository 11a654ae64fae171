//! `loopscope replay`: a recording on the stage, as lines, or as a report.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::args::{Form, Look, ReplayArgs};
use super::failure::{Failure, reason, say};
use super::prepare::Wish;
use super::settings::Settings;
use super::wire::config::Config;
use super::wire::{self, ask};
use super::{Outcome, run, stage};
use loopscope_protocol::reply::Recorded;
use loopscope_timeline::Timeline;
use loopscope_trace::recording::{self, ReadError, Reading};
use loopscope_trace::{Batch, Nanos, Trace};
use loopscope_tui::settings::start::Start;

/// Events that are played at once.
const PIECE: usize = 10_000;

/// Shows a recording in the form that was asked for.
pub(super) fn replay(args: &ReplayArgs, look: &Look) -> Outcome {
    let screen = !args.form.plain && !args.form.json;
    if screen {
        stage::demand_terminal("replay FILE")?;
    }
    let settings = screen.then(|| Settings::load(look));
    let mut config = Config::new(Wish::default(), None);
    if let Some(settings) = &settings {
        config = config.set(settings);
    }
    let client = wire::connect(config)?;
    let Recorded { trace, cut } = ask::open_recording(&client, &args.file)?;
    if let Some(cut) = cut {
        say(format!("loopscope: {}: {cut}", args.file.display()));
    }
    if let Some(settings) = settings {
        let start = Start::Recording {
            trace: Box::new(trace),
            autoplay: args.autoplay,
        };
        return stage::open(client, start, &settings);
    }
    drop(client);
    run::result(&played(trace, args.form)?, args.form)
}

/// Plays a recording a piece at a time, so that a long one is no single text in memory.
pub(super) fn played(trace: Trace, form: Form) -> Result<Timeline, Failure> {
    let mut lines = run::Lines::default();
    lines.begin(&trace.story, form)?;
    let mut timeline = Timeline::new(trace.story).with_answers(trace.answers);
    let mut texts = trace.texts;
    for events in trace.events.chunks(PIECE) {
        timeline.extend(Batch {
            texts: std::mem::take(&mut texts),
            events: events.to_vec(),
            upto: events.last().map_or(Nanos::ZERO, |event| event.at),
        });
        lines.add(&timeline)?;
    }
    timeline.extend(Batch {
        texts,
        events: Vec::new(),
        upto: trace.upto,
    });
    lines.add(&timeline)?;
    Ok(timeline)
}

/// Reads a recording.
pub(super) fn read(path: &Path) -> Result<Reading, Failure> {
    let shown = path.display();
    let refused =
        |error: std::io::Error| Failure::Io(format!("{shown} cannot be read: {}", reason(&error)));
    let input = File::open(path).map_err(refused)?;
    if input.metadata().map_err(refused)?.is_dir() {
        return Err(Failure::Io(format!(
            "{shown} is a folder: name a recording in it"
        )));
    }
    recording::read(BufReader::with_capacity(256 * 1024, input)).map_err(|error| match error {
        ReadError::Io(error) => refused(error),
        error @ ReadError::Line { .. } => Failure::Invalid(format!("{shown}, {error}")),
    })
}
