//! Opens what was named: a scenario, or a recording; and turns either into what is exported.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::app::failure::{Failure, reason};
use crate::app::library::find;
use crate::app::library::source::{Source, Stamp};
use crate::app::open::prepare::RunChoices;
use crate::app::open::{open, prepare};
use crate::export::text;
use loopscope_lab::scenario;
use loopscope_lab::scenario::FileName;
use loopscope_protocol::reply::Half;
use loopscope_timeline::Timeline;
use loopscope_trace::recording::{ReadError, Reading};
use loopscope_trace::{Language, Story, Trace, recording};

/// How a recording begins.
const RECORDING: &[u8] = b"{\"loopscope\"";

/// A scenario as a program, at the pace of life.
pub(crate) fn program_of(
    source: &Source,
    knobs: &[(String, i64)],
    language: Language,
) -> Result<String, Failure> {
    let wish = RunChoices {
        speed: Some(1.0),
        knobs: knobs.to_vec(),
        ..RunChoices::default()
    };
    let scenario = prepare::scenario(source, &wish)?;
    scenario::export(&scenario, language).map_err(Failure::Usage)
}

/// What a file with a run of this story is called.
pub(crate) fn name(story: &Story) -> String {
    match story.id.as_str() {
        "" => "recording".to_owned(),
        id => id.to_owned(),
    }
}

/// The scenario that a story was made of; `path` is the name for what may be wrong with it.
pub(crate) fn source_of(story: &Story, path: &str) -> Result<Source, Failure> {
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

/// A run as lines.
pub(crate) fn lines_of(timeline: &Timeline) -> String {
    let mut lines = text::header(timeline.story());
    lines.push_str(&text::Writer::default().news(timeline));
    lines.push_str(&text::summary(timeline));
    lines
}

/// The recording by this name, where it is one.
pub(crate) fn recording(name: &str) -> Result<Option<Trace>, Failure> {
    let path = Path::new(name);
    if !is_recording(path) {
        return Ok(None);
    }
    open::read(path).map(|reading| Some(reading.trace))
}

pub(crate) enum Opened {
    Scenario(Source),
    Recording(Box<Trace>),
}

/// Reads a recording.
pub(crate) fn read(path: &Path) -> Result<Reading, Failure> {
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

/// A scenario by its id, or a file: a scenario, or a recording.
pub(crate) fn open(name: &str, wish: &RunChoices) -> Result<(Opened, Half), Failure> {
    let path = Path::new(name);
    if path.is_file() && is_recording(path) {
        let trace = open::read(path)?.trace;
        let half = Half::Recording(Box::new(trace.clone()));
        return Ok((Opened::Recording(Box::new(trace)), half));
    }
    let source = find::find(name)?;
    let story = prepare::scenario(&source, wish)?.story;
    Ok((Opened::Scenario(source), Half::Scenario(Box::new(story))))
}

/// Whether a file begins as recordings do.
pub(crate) fn is_recording(path: &Path) -> bool {
    let mut begin = [0; RECORDING.len()];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin));
    read.is_ok() && begin == RECORDING
}
