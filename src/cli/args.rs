//! The flags: what clap reads, and what a wrong value is told.

use std::error::Error as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::Outcome;
use super::failure::Failure;
use super::output;

/// An oscilloscope for event loops, in the terminal.
///
/// Without a command it opens the menu. A scenario is one of ours (its id or its number, see
/// `loopscope list`) or a scenario file.
#[derive(Debug, Parser)]
#[command(name = "loopscope", version, max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) look: Look,
    #[command(flatten)]
    pub(super) watch: Watch,
}

/// What else watches the runs; for the menu and for `run`.
#[derive(Clone, Copy, Debug, Default, ClapArgs)]
pub(super) struct Watch {
    /// Let tokio-console attach, here or at 127.0.0.1:6669 (port 0: a free one)
    #[arg(long, value_name = "ADDR", num_args = 0..=1, require_equals = true,
          default_missing_value = "127.0.0.1:6669", value_parser = super::console::address)]
    pub(super) console: Option<SocketAddr>,
    /// Let tokio-metrics count too; costs more than our recorder
    #[arg(long)]
    pub(super) metrics: bool,
    /// Keep the last run's runtime alive after its end, until a key or the next run
    #[arg(long)]
    pub(super) hold: bool,
}

impl Watch {
    /// What was asked for here, or else before the command.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            console: self.console.or(other.console),
            metrics: self.metrics || other.metrics,
            hold: self.hold || other.hold,
        }
    }

    /// The first flag that was given, if one was.
    pub(super) fn given(self) -> Option<&'static str> {
        if self.console.is_some() {
            Some("--console")
        } else {
            let metrics = self.metrics.then_some("--metrics");
            metrics.or(self.hold.then_some("--hold"))
        }
    }
}

/// What may be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a scenario: on the stage, or with --plain or --json without a screen
    Run(RunArgs),
    /// List every scenario
    List {
        /// Print a JSON list of { id, number, folder, title, asks, path }
        #[arg(long)]
        json: bool,
    },
    /// Run scenarios and hold them against what they expect
    Check(CheckArgs),
    /// Show a recording: on the stage, or with --plain or --json without a screen
    Replay(ReplayArgs),
    /// Run two scenarios in lockstep on one axis, or show two recordings so
    Compare(CompareArgs),
    /// Write a scenario as a program that runs without loopscope, or a run as lines
    Export(super::export::ExportArgs),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
    /// Say what this terminal, this build and this machine can do
    Doctor,
    /// Be a child process of a run: loopscope calls itself so
    #[command(name = crate::engine::process::COMMAND, hide = true)]
    Worker,
}

/// How the screen looks; the same for every command.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(super) struct Look {
    /// The colors of the screen
    #[arg(long, global = true, value_name = "T", default_value = "auto")]
    pub(super) theme: Theme,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub(super) ascii: bool,
    /// Whether to use color at all
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
}

/// A palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Theme {
    Auto,
    Dark,
    Light,
    Mono,
}

/// When to use color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// How a run is shown without a screen.
#[derive(Clone, Copy, Debug, Default, ClapArgs)]
pub(super) struct Form {
    /// Print a line an event as it happens; no screen
    #[arg(long)]
    pub(super) plain: bool,
    /// Print one JSON report at the end; no screen
    #[arg(long, conflicts_with = "plain")]
    pub(super) json: bool,
}

/// The flags of `run`.
#[derive(Debug, ClapArgs)]
pub(super) struct RunArgs {
    /// A scenario's id or number, or a scenario file
    #[arg(value_name = "SCENARIO|FILE")]
    pub(super) scenario: String,
    #[command(flatten)]
    pub(super) form: Form,
    #[command(flatten)]
    pub(super) pace: Pace,
    /// Seed tokio's own random choices, and nothing else
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = seed, allow_negative_numbers = true)]
    pub(super) seed: u64,
    /// Turn a knob of the scenario; may be given several times
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = knob)]
    pub(super) knobs: Vec<(String, i64)>,
    /// Run it so many times and count how the runs differ; with --plain or --json
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000), conflicts_with = "record")]
    pub(super) times: Option<u32>,
    /// Write a recording, for `loopscope replay`
    #[arg(long, value_name = "FILE")]
    pub(super) record: Option<PathBuf>,
    /// Begin at once, without the question
    #[arg(long)]
    pub(super) autoplay: bool,
    #[command(flatten)]
    pub(super) watch: Watch,
}

/// How fast, and by which clock.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(super) struct Pace {
    /// Scenario seconds in a second: 20 makes every sleep 20 times shorter
    #[arg(long, value_name = "X", value_parser = speed, allow_negative_numbers = true)]
    pub(super) speed: Option<f64>,
    /// How time passes
    #[arg(long, value_name = "C", default_value = "real")]
    pub(super) clock: ClockChoice,
}

/// How time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ClockChoice {
    /// It really happens
    Real,
    /// Time is computed
    Virtual,
}

/// The flags of `check`.
#[derive(Debug, ClapArgs)]
pub(super) struct CheckArgs {
    /// Scenarios, scenario files, or folders of them; all of ours where none is given
    #[arg(value_name = "FILE|DIR")]
    pub(super) targets: Vec<String>,
    /// Print a JSON list of { id, ok, failures, seconds }
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) pace: Pace,
}

/// The flags of `replay`.
#[derive(Debug, ClapArgs)]
pub(super) struct ReplayArgs {
    /// A recording
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) form: Form,
    /// Begin at once
    #[arg(long)]
    pub(super) autoplay: bool,
}

/// The flags of `compare`.
#[derive(Debug, ClapArgs)]
pub(super) struct CompareArgs {
    /// A scenario's id, a scenario file, or a recording
    #[arg(value_name = "A")]
    pub(super) left: String,
    /// Another one
    #[arg(value_name = "B")]
    pub(super) right: String,
    #[command(flatten)]
    pub(super) pace: Pace,
}

/// The fastest run: faster ones are shorter than the timer's tick.
const FASTEST: f64 = 10_000.0;
/// The slowest run.
const SLOWEST: f64 = 0.001;

pub(super) fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().unwrap_or(f64::NAN);
    if (SLOWEST..=FASTEST).contains(&speed) {
        Ok(speed)
    } else {
        Err(format!(
            "a speed is a number from {SLOWEST} to {FASTEST}, such as 20"
        ))
    }
}

fn seed(text: &str) -> Result<u64, &'static str> {
    text.parse()
        .map_err(|_| "a seed is a whole number from 0 to 18446744073709551615")
}

pub(super) fn knob(text: &str) -> Result<(String, i64), String> {
    let wish = "a knob is set by its name and a whole number, such as requests=10";
    let (name, value) = text.split_once('=').ok_or(wish)?;
    let value = value.trim().parse().map_err(|_| wish)?;
    match name.trim() {
        "" => Err(wish.to_owned()),
        name => Ok((name.to_owned(), value)),
    }
}

/// Says what clap has to say: help on stdout, a wrong value as one sentence.
pub(super) fn explain(error: &clap::Error) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::text(&error.render().to_string())
        }
        ErrorKind::ValueValidation => Err(Failure::Usage(wrong_value(error))),
        _ => {
            let text = error.render().to_string();
            Err(Failure::Usage(
                text.trim_start_matches("error: ").trim_end().to_owned(),
            ))
        }
    }
}

fn wrong_value(error: &clap::Error) -> String {
    let part = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let flag = part(ContextKind::InvalidArg)
        .split_whitespace()
        .next()
        .unwrap_or("");
    let reason = error
        .source()
        .map_or_else(|| "is not valid".to_owned(), ToString::to_string);
    format!("{flag} {}: {reason}", part(ContextKind::InvalidValue))
}
