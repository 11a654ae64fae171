//! Opens what was named, a scenario or a recording, and makes it ready: to be run, or to be exported.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::time::Duration;

use crate::app::failure::{Failure, reason};
use crate::app::library::find;
use crate::app::library::source::{Source, Stamp};
use crate::app::open::program::Program;
use crate::app::open::{open, real};
use crate::export::text;
use crate::vocabulary::VOCABULARY;
use loopscope_lab::scenario;
use loopscope_lab::scenario::{Choices, FileName, Scenario, load};
use loopscope_protocol::reply::Half;
use loopscope_timeline::Timeline;
use loopscope_trace::recording::{ReadError, Reading};

use loopscope_trace::{Clock, Detail, Knob, Language, Story, Trace, recording};

/// What stands before the id of a scenario whose exported program is watched.
const REAL: &str = "python:";

/// How a recording begins.
const RECORDING: &[u8] = b"{\"loopscope\"";

/// What the flags say about a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunChoices {
    /// Scenario seconds in a wall second; the file's own unless told.
    pub(crate) speed: Option<f64>,
    /// For tokio's own random choices.
    pub(crate) seed: u64,
    /// How time passes, where the scenario leaves a choice.
    pub(crate) clock: Clock,
    /// Values of knobs.
    pub(crate) knobs: Vec<(String, i64)>,
    /// The language whose rules it is played by, where the scenario is told in it; its first one unless told.
    pub(crate) language: Option<Language>,
    /// Where time is computed: seeds delays that change an order only where nothing decides it.
    pub(crate) delays: Option<u64>,
}

/// Loads a scenario with these choices, at the file's highest speed at most.
pub(crate) fn prepared(source: &Source, choices: &RunChoices) -> Result<Scenario, Failure> {
    let load = |knobs: &[(String, i64)], speed: Option<f64>| {
        let given = Choices {
            knobs: knobs.to_vec(),
            speed,
            clock: choices.clock,
            seed: choices.seed,
        };
        load(&source.text, &source.file, &given, &VOCABULARY)
            .map_err(|problems| Failure::Scenario(Box::new(problems)))
    };
    // Loaded with its own values first, so that a wrong flag is told apart from a wrong file.
    let plain = load(&[], choices.speed)?;
    let highest = plain.story.max_speed;
    let highest = highest.filter(|&highest| highest < plain.story.speed);
    let mut scenario = if choices.knobs.is_empty() && highest.is_none() {
        plain
    } else {
        for (name, value) in &choices.knobs {
            knob(&plain.story.knobs, name, *value)?;
        }
        load(&choices.knobs, highest.or(choices.speed))?
    };
    let told = |wish: &Language| scenario.story.languages.contains(wish);
    if let Some(language) = choices.language.filter(told) {
        scenario.story.language = Some(language);
    }
    scenario.story.detail = loopscope_lab::engine::detail();
    if !loopscope_lab::engine::can_be_computed(&scenario.story) {
        scenario.story.clock = Clock::Real;
    }
    Ok(scenario)
}

/// What to say where a run is slower than was asked for: above the file's highest speed the gaps
/// between its events are so short that the machine's own delays would decide their order.
pub(crate) fn slowed(story: &Story, choices: &RunChoices) -> Option<String> {
    let wanted = choices.speed.filter(|&wanted| wanted > story.speed)?;
    Some(format!(
        "{} runs at speed {}, not {wanted}: faster, it would not tell the truth",
        story.id, story.speed
    ))
}

/// Why a scenario runs really although the virtual clock was asked for.
pub(crate) fn really(story: &Story, choices: &RunChoices) -> Option<String> {
    let why = match story.detail {
        Detail::Full => "virtual time cannot run processes or several workers",
        Detail::Reduced => "virtual time needs tokio_unstable, which this build is without",
    };
    (choices.clock == Clock::Virtual && story.clock == Clock::Real)
        .then(|| format!("{why}: this one runs really"))
}

/// Why a scenario is played by the rules of another language than was asked for.
pub(crate) fn otherwise_told(story: &Story, choices: &RunChoices) -> Option<String> {
    let played = story.played_in();
    choices.language.filter(|&wish| wish != played)?;
    Some(format!(
        "{} is told in {} only, and played by its rules",
        story.id,
        played.name()
    ))
}

fn knob(knobs: &[Knob], name: &str, value: i64) -> Result<(), Failure> {
    let Some(knob) = knobs.iter().find(|knob| knob.name == name) else {
        let names: Vec<_> = knobs.iter().map(|knob| knob.name.as_str()).collect();
        let hint = match names.as_slice() {
            [] => "it has none".to_owned(),
            names => format!("it has {}", names.join(", ")),
        };
        return Err(Failure::Usage(format!(
            "--set {name}={value}: the scenario has no knob of this name, {hint}"
        )));
    };
    if (knob.min..=knob.max).contains(&value) {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "--set {name}={value}: {name} goes from {} to {}",
        knob.min, knob.max
    )))
}

/// A scenario as a program, at the pace of life unless another speed is given.
pub(crate) fn program_of(
    source: &Source,
    knobs: Vec<(String, i64)>,
    speed: Option<f64>,
    language: Language,
) -> Result<String, Failure> {
    let choices = RunChoices {
        speed: speed.or(Some(1.0)),
        knobs,
        ..RunChoices::default()
    };
    let scenario = prepared(source, &choices)?;
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
    lines.extend(text::summary(timeline));
    lines
}

/// What is open.
pub(crate) enum Opened {
    Scenario(Source),
    /// A program of the user's own.
    Program(Box<Program>),
    Recording {
        /// The file that it was read from.
        path: String,
        trace: Box<Trace>,
    },
}

/// From which length on a turn counts as a block.
pub(crate) const THRESHOLD: Duration = Duration::from_millis(50);

/// Reads a recording; a folder is what a program has written that watches itself.
pub(crate) fn read(path: &Path) -> Result<Reading, Failure> {
    let shown = path.display();
    let refused =
        |error: std::io::Error| Failure::Io(format!("{shown} cannot be read: {}", reason(&error)));
    let input = File::open(path).map_err(refused)?;
    if input.metadata().map_err(refused)?.is_dir() {
        let trace = loopscope_watch::read(path, THRESHOLD).map_err(|_| {
            Failure::Io(format!(
                "{shown} is a folder that no watched program has written: name a recording in it"
            ))
        })?;
        return Ok(Reading { trace, cut: None });
    }
    recording::read(BufReader::with_capacity(256 * 1024, input)).map_err(|error| match error {
        ReadError::Io(error) => refused(error),
        error @ ReadError::Line { .. } => Failure::Invalid(format!("{shown}, {error}")),
    })
}

/// A scenario by its id, or a file: a scenario, or a recording.
pub(crate) fn open(name: &str, choices: &RunChoices) -> Result<(Opened, Half), Failure> {
    if let Some(scenario) = name.strip_prefix(REAL) {
        let program = real::program(&prepared(&find::find(scenario)?, choices)?)?;
        let story = program.story();
        let opened = Opened::Program(Box::new(program));
        return Ok((opened, Half::Scenario(Box::new(story))));
    }
    let path = Path::new(name);
    if path.is_file() && is_recording(path) {
        let trace = open::read(path)?.trace;
        let half = Half::Recording(Box::new(trace.clone()));
        let (path, trace) = (name.to_owned(), Box::new(trace));
        return Ok((Opened::Recording { path, trace }, half));
    }
    let source = find::find(name)?;
    let story = prepared(&source, choices)?.story;
    Ok((Opened::Scenario(source), Half::Scenario(Box::new(story))))
}

/// Whether a file begins as recordings do.
pub(crate) fn is_recording(path: &Path) -> bool {
    let mut begin = [0; RECORDING.len()];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin));
    read.is_ok() && begin == RECORDING
}
