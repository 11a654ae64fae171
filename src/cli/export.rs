//! `loopscope export`: a scenario as a program, or a run as lines, in a file or on stdout.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};

use super::args::{Form, knob, speed};
use super::failure::{Failure, reason, say};
use super::play::play;
use super::prepare::{self, Wish};
use super::signals::Signals;
use super::source::{Source, Stamp};
use super::{Outcome, output, replay, source};
use crate::export::text;
use loopscope_lab::scenario::{self, FileName, Scenario};
use loopscope_timeline::Timeline;
use loopscope_trace::{Language, Story, Trace};

/// The flags of `export`.
#[derive(Debug, ClapArgs)]
pub(super) struct ExportArgs {
    /// A scenario's id or number, a scenario file, or a recording
    #[arg(value_name = "SCENARIO|FILE")]
    pub(super) target: String,
    /// What to write
    #[arg(long, value_name = "FORM")]
    pub(super) to: Target,
    /// Where to; stdout unless told
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Turn a knob of the scenario; may be given several times
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = knob)]
    pub(super) knobs: Vec<(String, i64)>,
    /// Divide every duration by it: 20 makes every sleep of the program 20 times shorter
    #[arg(long, value_name = "X", value_parser = speed, allow_negative_numbers = true)]
    pub(super) speed: Option<f64>,
}

/// What a scenario is exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Target {
    /// One file for Python 3.11 or newer, with FastAPI, uvicorn and httpx where it is a server
    Python,
    /// One main.rs on tokio alone
    Rust,
    /// A run, or a recording, as a line an event
    Text,
    /// A picture (not available yet)
    #[value(hide = true)]
    Svg,
    /// A trace for a browser's tracing page (not available yet)
    #[value(hide = true)]
    Chrome,
    /// A terminal recording (not available yet)
    #[value(hide = true)]
    Cast,
}

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

/// A scenario as a program, at the pace of life.
pub(super) fn program_of(
    source: &Source,
    knobs: &[(String, i64)],
    language: Language,
) -> Result<String, Failure> {
    let wish = Wish {
        speed: Some(1.0),
        knobs: knobs.to_vec(),
        ..Wish::default()
    };
    let scenario = prepare::scenario(source, &wish)?;
    scenario::export(&scenario, language).map_err(Failure::Usage)
}

/// What a file with a run of this story is called.
pub(super) fn name(story: &Story) -> String {
    match story.id.as_str() {
        "" => "recording".to_owned(),
        id => id.to_owned(),
    }
}

/// The scenario as a program.
fn program(args: &ExportArgs) -> Result<String, Failure> {
    let scenario = match recording(&args.target)? {
        Some(trace) => again(trace, args)?,
        None => prepare::scenario(&source::find(&args.target)?, &wish(args))?,
    };
    let language = match args.to {
        Target::Rust => Language::Rust,
        _ => Language::Python,
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
    let source = source_of(&story, &args.target)?;
    let mut wish = wish(args);
    for knob in &story.knobs {
        if !wish.knobs.iter().any(|(name, _)| *name == knob.name) {
            wish.knobs.push((knob.name.clone(), knob.value));
        }
    }
    prepare::scenario(&source, &wish)
}

/// The scenario that a story was made of; `path` is the name for what may be wrong with it.
pub(super) fn source_of(story: &Story, path: &str) -> Result<Source, Failure> {
    if story.source.is_empty() {
        return Err(Failure::Invalid(format!(
            "{path} was not made of a scenario: it can be exported to text only"
        )));
    }
    Ok(Source {
        file: FileName {
            id: story.id.clone(),
            number: story.number.clone(),
            path: path.to_owned(),
            ..FileName::default()
        },
        text: story.source.clone(),
        origin: None,
        read: Stamp::default(),
    })
}

/// A run, or a recorded one, as lines.
fn lines(args: &ExportArgs) -> Result<String, Failure> {
    let timeline = match recording(&args.target)? {
        Some(trace) => replay::played(trace, Form::default())?,
        None => run(args)?,
    };
    Ok(lines_of(&timeline))
}

/// A run as lines.
pub(super) fn lines_of(timeline: &Timeline) -> String {
    let mut lines = text::header(timeline.story());
    lines.push_str(&text::Writer::default().news(timeline));
    lines.push_str(&text::summary(timeline));
    lines
}

fn run(args: &ExportArgs) -> Result<Timeline, Failure> {
    let wish = Wish {
        speed: args.speed,
        ..wish(args)
    };
    let scenario = prepare::scenario(&source::find(&args.target)?, &wish)?;
    let signals = Signals::listen();
    let timeline = play(scenario, &signals)?;
    Ok(timeline)
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
