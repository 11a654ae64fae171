//! `loopscope export`: a scenario as a program, or a run as lines, in a file or on stdout.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::args::{ExportArgs, Form, Target};
use super::failure::{Failure, reason, say};
use super::play::play;
use super::prepare::{self, Wish};
use super::signals::Signals;
use super::source::Source;
use super::{Outcome, output, replay, source};
use crate::engine::Extras;
use crate::export::text;
use crate::scenario::{self, FileName, Scenario};
use crate::timeline::Timeline;
use crate::trace::Trace;

/// How a recording begins.
const RECORDING: &[u8] = b"{\"loopscope\"";

/// Writes what was asked for.
pub(super) fn export(args: &ExportArgs) -> Outcome {
    let text = match args.to {
        Target::Python | Target::Rust => program(args)?,
        Target::Text => lines(args)?,
        Target::Svg | Target::Chrome | Target::Cast => {
            return Err(Failure::Usage(
                "--to svg, chrome and cast are not available yet: choose python, rust or text"
                    .to_owned(),
            ));
        }
    };
    match &args.output {
        None => output::text(&text),
        Some(path) => write(path, &text),
    }
}

/// The scenario as a program.
fn program(args: &ExportArgs) -> Result<String, Failure> {
    let scenario = match recording(&args.target)? {
        Some(trace) => again(trace, args)?,
        None => prepare::scenario(&source::find(&args.target)?, &wish(args))?,
    };
    let language = match args.to {
        Target::Rust => crate::trace::Language::Rust,
        _ => crate::trace::Language::Python,
    };
    scenario::export(&scenario, language).map_err(Failure::Usage)
}

fn wish(args: &ExportArgs) -> Wish {
    Wish {
        // A program runs at the pace of life unless it is told otherwise.
        speed: Some(args.speed.unwrap_or(1.0)),
        knobs: args.knobs.clone(),
        ..Wish::default()
    }
}

/// The scenario that a recording was made of, with the knobs as they stood.
fn again(trace: Trace, args: &ExportArgs) -> Result<Scenario, Failure> {
    let story = trace.story;
    if story.source.is_empty() {
        return Err(Failure::Invalid(format!(
            "{} was not made of a scenario: it can be exported --to text only",
            args.target
        )));
    }
    let mut wish = wish(args);
    for knob in &story.knobs {
        if !wish.knobs.iter().any(|(name, _)| *name == knob.name) {
            wish.knobs.push((knob.name.clone(), knob.value));
        }
    }
    let source = Source {
        file: FileName {
            id: story.id,
            number: story.number,
            path: args.target.clone(),
            ..FileName::default()
        },
        text: story.source,
    };
    prepare::scenario(&source, &wish)
}

/// A run, or a recorded one, as lines.
fn lines(args: &ExportArgs) -> Result<String, Failure> {
    let timeline = match recording(&args.target)? {
        Some(trace) => replay::played(trace, Form::default())?,
        None => run(args)?,
    };
    let mut lines = text::header(timeline.story());
    lines.push_str(&text::Writer::default().news(&timeline));
    lines.push_str(&text::summary(&timeline));
    Ok(lines)
}

fn run(args: &ExportArgs) -> Result<Timeline, Failure> {
    let wish = Wish {
        speed: args.speed,
        ..wish(args)
    };
    let scenario = prepare::scenario(&source::find(&args.target)?, &wish)?;
    let signals = Signals::listen();
    let played = play(scenario, Extras::default(), &signals, None, |_| Ok(()))?;
    match played.failure {
        Some(failure) => Err(failure),
        None => Ok(played.timeline),
    }
}

/// The recording by this name, where it is one.
fn recording(name: &str) -> Result<Option<Trace>, Failure> {
    let path = Path::new(name);
    let mut begin = [0; RECORDING.len()];
    let is_one = File::open(path)
        .and_then(|file| BufReader::new(file).read_exact(&mut begin))
        .is_ok_and(|()| begin == RECORDING);
    if !is_one {
        return Ok(None);
    }
    replay::read(path).map(|reading| Some(reading.trace))
}

/// Writes the file, and says what became of one that was there.
fn write(path: &PathBuf, text: &str) -> Outcome {
    let there = path.exists();
    fs::write(path, text).map_err(|error| {
        Failure::Io(format!(
            "{} cannot be written: {}",
            path.display(),
            reason(&error)
        ))
    })?;
    let done = if there { "replaced" } else { "wrote" };
    let lines = text.lines().count();
    say(format!("{done} {} ({lines} lines)", path.display()));
    Ok(())
}
