//! How the screen looks, and the flags of every command but `run`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, ValueEnum};

use crate::app::settings::keys::{Color, Overrides, Theme};
use crate::cli::args::run::{Form, LanguageChoice, Pace, knob, speed};
use loopscope_lab::scenario::practice::Topic;

/// The flags of `check`.
#[derive(Debug, ClapArgs)]
pub(crate) struct CheckArgs {
    /// Scenarios, scenario files, or folders of them; all of ours where none is given
    #[arg(value_name = "FILE|DIR")]
    pub(crate) targets: Vec<String>,
    /// Print a JSON list of { id, ok, failures, clock, seconds }
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) pace: Pace,
    /// Play them by the rules of this language; each scenario's first one unless told
    #[arg(long, value_name = "L")]
    pub(crate) language: Option<LanguageChoice>,
}

/// The flags of `replay`.
#[derive(Debug, ClapArgs)]
pub(crate) struct ReplayArgs {
    /// A recording
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) form: Form,
    /// Begin at once
    #[arg(long)]
    pub(crate) autoplay: bool,
}

/// The flags of `compare`.
#[derive(Debug, ClapArgs)]
pub(crate) struct CompareArgs {
    /// A scenario's id or number, a scenario file, or a recording
    #[arg(value_name = "A")]
    pub(crate) left: String,
    /// Another one
    #[arg(value_name = "B")]
    pub(crate) right: String,
    #[command(flatten)]
    pub(crate) pace: Pace,
}

/// The flags of `notes`.
#[derive(Debug, ClapArgs)]
pub(crate) struct NotesArgs {
    /// Print each change as lines; no screen
    #[arg(long)]
    pub(crate) plain: bool,
    /// Follow the loopscope of this process number instead of the newest
    #[arg(long, value_name = "N")]
    pub(crate) pid: Option<u32>,
}

/// The flags of `present`.
#[derive(Debug, ClapArgs)]
pub(crate) struct PresentArgs {
    /// A playlist; "The blocked loop in 20 minutes" where none is given
    #[arg(value_name = "PLAYLIST")]
    pub(crate) playlist: Option<PathBuf>,
    /// Open no screen: say whether every scenario loads, and when each stop comes
    #[arg(long, conflicts_with_all = ["autoplay", "again"])]
    pub(crate) check: bool,
    /// Go on without a key, as inside slides: each note stands for as long as one reads it
    #[arg(long)]
    pub(crate) autoplay: bool,
    /// Begin again behind the last scenario
    #[arg(long = "loop")]
    pub(crate) again: bool,
}

/// The flags of `quiz`.
#[derive(Debug, ClapArgs)]
pub(crate) struct QuizArgs {
    /// What it is about; all topics in turn where none is given
    #[arg(long, value_name = "T", value_parser = topics())]
    pub(crate) topic: Option<Topic>,
    /// Begin with the exercise of this number; the one behind those that were done unless told
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How many; without an end unless told
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) count: Option<u32>,
    /// Ask in lines; no screen
    #[arg(long)]
    pub(crate) plain: bool,
    /// Print the scenario file of the exercise, to be kept; no screen
    #[arg(long, conflicts_with = "plain")]
    pub(crate) print: bool,
    /// Print a JSON list of { id, topic, seed, toml }; no screen
    #[arg(long, conflicts_with_all = ["plain", "print"])]
    pub(crate) json: bool,
}

/// The words of the topics.
fn topics() -> impl TypedValueParser<Value = Topic> {
    let words = Topic::ALL.map(|topic| PossibleValue::new(topic.word()).help(topic.title()));
    PossibleValuesParser::new(words).try_map(|word| {
        let mut topics = Topic::ALL.into_iter();
        topics
            .find(|topic| topic.word() == word)
            .ok_or("is no topic")
    })
}

/// The flags of `export`.
#[derive(Debug, ClapArgs)]
pub(crate) struct ExportArgs {
    /// A scenario's id or number, a scenario file, or a recording
    #[arg(value_name = "SCENARIO|FILE")]
    pub(crate) target: String,
    /// What to write
    #[arg(long, value_name = "FORM")]
    pub(crate) to: Target,
    /// Where to; stdout unless told
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the file where it is there already
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
    /// Turn a knob of the scenario; may be given several times
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = knob)]
    pub(crate) knobs: Vec<(String, i64)>,
    /// Divide every duration by it: 20 makes every sleep of the program 20 times shorter
    #[arg(long, value_name = "X", value_parser = speed, allow_negative_numbers = true)]
    pub(crate) speed: Option<f64>,
    /// With --to text and svg: play it by the rules of this language; the scenario's first one unless told
    #[arg(long, value_name = "L")]
    pub(crate) language: Option<LanguageChoice>,
    #[command(flatten)]
    pub(crate) shot: ShotArgs,
}

/// The flags of a picture.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct ShotArgs {
    /// With --to svg: the moment that is looked at, such as 2.7s; the end unless told
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    pub(crate) at: Option<f64>,
    /// With --to svg: columns and rows of the frame; 120x40 unless told
    #[arg(long, value_name = "COLUMNSxROWS", value_parser = size)]
    pub(crate) size: Option<(u16, u16)>,
    /// With --to svg: a scenario or recording that is drawn beside it, on one clock
    #[arg(long, value_name = "OTHER")]
    pub(crate) compare: Option<String>,
}

impl ShotArgs {
    /// The first flag that was given, if one was.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let at = self.at.map(|_| "--at");
        let size = self.size.map(|_| "--size");
        let compare = self.compare.as_ref().map(|_| "--compare");
        at.or(size).or(compare)
    }
}

/// A moment of a run, in seconds.
fn moment(text: &str) -> Result<f64, &'static str> {
    /// The longest run, in seconds: years do not fit the axis.
    const LONGEST: f64 = 1e9;
    let (figures, scale) = match (text.strip_suffix("ms"), text.strip_suffix("us")) {
        (Some(figures), _) => (figures, 1e-3),
        (None, Some(figures)) => (figures, 1e-6),
        (None, None) => (text.strip_suffix('s').unwrap_or(text), 1.0),
    };
    let seconds = figures.parse::<f64>().unwrap_or(f64::NAN) * scale;
    let valid = (0.0..=LONGEST).contains(&seconds);
    valid
        .then_some(seconds)
        .ok_or("a moment is a time from the start, such as 2.7s or 350ms")
}

/// Columns and rows.
fn size(text: &str) -> Result<(u16, u16), &'static str> {
    let read = || {
        let (columns, rows) = text.split_once('x')?;
        let size = (columns.parse().ok()?, rows.parse().ok()?);
        let fits = (40..=400).contains(&size.0) && (10..=200).contains(&size.1);
        fits.then_some(size)
    };
    read().ok_or("a size is columns x rows, from 40x10 to 400x200, such as 120x40")
}

/// What a scenario is exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// One file for Python 3.11 or newer, with FastAPI, uvicorn and httpx where it is a server
    Python,
    /// One main.rs on tokio alone
    Rust,
    /// A run, or a recording, as a line an event
    Text,
    /// A picture of the stage, or of a comparison: text in SVG, for slides and papers
    Svg,
    /// A trace for a browser's tracing page (not available yet)
    #[value(hide = true)]
    Chrome,
    /// A terminal recording (not available yet)
    #[value(hide = true)]
    Cast,
}

/// The flags of `reset`.
#[derive(Debug, ClapArgs)]
pub(crate) struct ResetArgs {
    /// Forget this scenario only: its id or its number
    #[arg(long, value_name = "ID")]
    pub(crate) scenario: Option<String>,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// The flags of `settings`.
#[derive(Debug, ClapArgs)]
pub(crate) struct SettingsArgs {
    /// Write a file with every setting and its default, where there is none yet
    #[arg(long)]
    pub(crate) write: bool,
}

/// How the screen looks; the same for every command.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct Look {
    /// The colors of the screen; auto unless told or set
    #[arg(long, global = true, value_name = "T")]
    pub(crate) theme: Option<Theme>,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub(crate) ascii: bool,
    /// Move nothing that only moves: figures and the playing view change once a second
    #[arg(long, global = true)]
    pub(crate) reduced_motion: bool,
    /// Whether to use color at all; auto unless told or set
    #[arg(long, global = true, value_name = "WHEN")]
    pub(crate) color: Option<Color>,
}

impl From<&Look> for Overrides {
    fn from(look: &Look) -> Self {
        Self {
            theme: look.theme,
            ascii: look.ascii,
            reduced_motion: look.reduced_motion,
            color: look.color,
        }
    }
}

impl ValueEnum for Theme {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()))
    }
}

impl ValueEnum for Color {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()))
    }
}
