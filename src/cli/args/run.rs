//! The flags of everything that runs or shows a run: how fast, in what form, and what else watches.

use std::error::Error as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args as ClapArgs, ValueEnum};

use crate::app::failure::{Failure, Outcome};
use crate::app::open::open::RunChoices;
use crate::app::serve::app::Watch;
use crate::output;
use loopscope_trace::{Clock, Language};

/// The flags of `run`.
#[derive(Debug, ClapArgs)]
pub(crate) struct RunArgs {
    /// A scenario's id or number, or a scenario file
    #[arg(value_name = "SCENARIO|FILE")]
    pub(crate) scenario: String,
    #[command(flatten)]
    pub(crate) form: Form,
    #[command(flatten)]
    pub(crate) pace: Pace,
    /// Seed tokio's own random choices, and nothing else
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = seed, allow_negative_numbers = true)]
    pub(crate) seed: u64,
    /// Turn a knob of the scenario; may be given several times
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = knob)]
    pub(crate) knobs: Vec<(String, i64)>,
    /// Run it so many times and count how the runs differ: orders of lines, lengths, last values;
    /// with --plain or --json
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000), conflicts_with = "record")]
    pub(crate) times: Option<u32>,
    /// Write a recording, for `loopscope replay`
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// With --plain: ask the question first and tell the run in sentences, as `loopscope --plain`
    /// does
    #[arg(long, requires = "plain", conflicts_with_all = ["times", "autoplay"])]
    pub(crate) ask: bool,
    /// Begin at once, without the question
    #[arg(long)]
    pub(crate) autoplay: bool,
    /// Play it by the rules of this language: asyncio cancels what a cancelled task awaits, tokio
    /// leaves it running; the scenario's first one unless told
    #[arg(long, value_name = "L")]
    pub(crate) language: Option<LanguageChoice>,
    #[command(flatten)]
    pub(crate) watch: WatchArgs,
}

/// A language whose rules a run is played by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageChoice {
    /// As asyncio does it
    Python,
    /// As tokio does it
    Rust,
}

impl From<LanguageChoice> for Language {
    fn from(choice: LanguageChoice) -> Self {
        match choice {
            LanguageChoice::Python => Self::Python,
            LanguageChoice::Rust => Self::Rust,
        }
    }
}

/// The flags of the menu alone.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct MenuArgs {
    /// Talk in lines instead of drawing: menu, question, run and reply, for a screen reader or a
    /// terminal that cannot draw
    #[arg(long)]
    pub(crate) plain: bool,
    #[command(flatten)]
    pub(crate) pace: Pace,
}

impl MenuArgs {
    /// The first flag that was given, if one was.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let plain = self.plain.then_some("--plain");
        let speed = self.pace.speed.map(|_| "--speed");
        let clock = self.pace.clock.map(|_| "--clock");
        plain.or(speed).or(clock)
    }
}

/// How a run is shown without a screen.
#[derive(Clone, Copy, Debug, Default, ClapArgs)]
pub(crate) struct Form {
    /// Print a line an event as it happens; no screen
    #[arg(long)]
    pub(crate) plain: bool,
    /// Print one JSON report at the end; no screen
    #[arg(long, conflicts_with = "plain")]
    pub(crate) json: bool,
}

/// How fast, and by which clock.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct Pace {
    /// Scenario seconds in a second: 20 makes every sleep 20 times shorter; lowered to what a
    /// scenario allows
    #[arg(long, value_name = "X", value_parser = speed, allow_negative_numbers = true)]
    pub(crate) speed: Option<f64>,
    /// How time passes: `run` takes the real clock unless told, `check` the virtual one; what
    /// virtual time cannot run (processes, several workers) runs really, and says so
    #[arg(long, value_name = "C")]
    pub(crate) clock: Option<ClockChoice>,
}

/// How time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClockChoice {
    /// Everything really happens: a sleep of 5s takes 5s
    Real,
    /// Time is computed: nobody sleeps, and every run is the same
    Virtual,
}

/// What else watches the runs; for the menu and for `run`.
#[derive(Clone, Copy, Debug, Default, ClapArgs)]
pub(crate) struct WatchArgs {
    /// Let tokio-console attach, here or at 127.0.0.1:6669 (port 0: a free one)
    #[arg(long, value_name = "ADDR", num_args = 0..=1, require_equals = true,
          default_missing_value = "127.0.0.1:6669", value_parser = crate::app::settings::keys::address)]
    pub(crate) console: Option<SocketAddr>,
    /// Let tokio-metrics count too; costs more than our recorder
    #[arg(long)]
    pub(crate) metrics: bool,
    /// Keep the last run's runtime alive after its end, until a key or the next run
    #[arg(long)]
    pub(crate) hold: bool,
    /// Megabytes that a run may take, 1024 unless told or set; one that needs more is ended
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(16..=65536))]
    pub(crate) memory: Option<u64>,
}

impl WatchArgs {
    /// What was asked for here, or else before the command.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            console: self.console.or(other.console),
            metrics: self.metrics || other.metrics,
            hold: self.hold || other.hold,
            memory: self.memory.or(other.memory),
        }
    }

    /// The first flag that was given, if one was.
    pub(crate) fn given(self) -> Option<&'static str> {
        if self.console.is_some() {
            Some("--console")
        } else {
            let metrics = self.metrics.then_some("--metrics");
            let memory = self.memory.map(|_| "--memory");
            metrics.or(self.hold.then_some("--hold")).or(memory)
        }
    }
}

impl RunChoices {
    /// The choices of a command with a pace, and with a clock of its own.
    pub(crate) fn at(pace: Pace, unless_told: Clock) -> Self {
        Self {
            speed: pace.speed,
            clock: match pace.clock {
                None => unless_told,
                Some(ClockChoice::Real) => Clock::Real,
                Some(ClockChoice::Virtual) => Clock::Virtual,
            },
            ..Self::default()
        }
    }
}

/// The fastest run: faster ones are shorter than the timer's tick.
const FASTEST: f64 = 10_000.0;

/// The slowest run.
const SLOWEST: f64 = 0.001;

pub(crate) fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().unwrap_or(f64::NAN);
    if (SLOWEST..=FASTEST).contains(&speed) {
        Ok(speed)
    } else {
        Err(format!(
            "a speed is a number from {SLOWEST} to {FASTEST}, such as 20"
        ))
    }
}

pub(crate) fn seed(text: &str) -> Result<u64, &'static str> {
    text.parse()
        .map_err(|_| "a seed is a whole number from 0 to 18446744073709551615")
}

pub(crate) fn knob(text: &str) -> Result<(String, i64), String> {
    let help = "a knob is set by its name and a whole number, such as requests=10";
    let (name, value) = text.split_once('=').ok_or(help)?;
    let value = value.trim().parse().map_err(|_| help)?;
    match name.trim() {
        "" => Err(help.to_owned()),
        name => Ok((name.to_owned(), value)),
    }
}

/// Says what clap has to say: help on stdout, a wrong value as one sentence.
pub(crate) fn explain(error: &clap::Error) -> Outcome {
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

impl From<WatchArgs> for Watch {
    fn from(args: WatchArgs) -> Self {
        Self {
            console: args.console,
            metrics: args.metrics,
            hold: args.hold,
            memory: args.memory.map(|megabytes| megabytes * 1024 * 1024),
        }
    }
}
