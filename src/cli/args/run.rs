//! The flags of everything that runs or shows a run: how fast, in what form, and what else watches.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::values::{knob, seed, speed};

/// The flags of `run`.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct RunArgs {
    /// A scenario's id or number, or a scenario file
    #[arg(value_name = "SCENARIO|FILE")]
    pub(in crate::cli) scenario: String,
    #[command(flatten)]
    pub(in crate::cli) form: Form,
    #[command(flatten)]
    pub(in crate::cli) pace: Pace,
    /// Seed tokio's own random choices, and nothing else
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = seed, allow_negative_numbers = true)]
    pub(in crate::cli) seed: u64,
    /// Turn a knob of the scenario; may be given several times
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = knob)]
    pub(in crate::cli) knobs: Vec<(String, i64)>,
    /// Run it so many times and count how the runs differ: orders of lines, lengths, last values;
    /// with --plain or --json
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000), conflicts_with = "record")]
    pub(in crate::cli) times: Option<u32>,
    /// Write a recording, for `loopscope replay`
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) record: Option<PathBuf>,
    /// With --plain: ask the question first and tell the run in sentences, as `loopscope --plain`
    /// does
    #[arg(long, requires = "plain", conflicts_with_all = ["times", "autoplay"])]
    pub(in crate::cli) ask: bool,
    /// Begin at once, without the question
    #[arg(long)]
    pub(in crate::cli) autoplay: bool,
    #[command(flatten)]
    pub(in crate::cli) watch: Watch,
}

/// The flags of the menu alone.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(in crate::cli) struct MenuArgs {
    /// Talk in lines instead of drawing: menu, question, run and reply, for a screen reader or a
    /// terminal that cannot draw
    #[arg(long)]
    pub(in crate::cli) plain: bool,
    #[command(flatten)]
    pub(in crate::cli) pace: Pace,
}

impl MenuArgs {
    /// The first flag that was given, if one was.
    pub(in crate::cli) fn given(&self) -> Option<&'static str> {
        let plain = self.plain.then_some("--plain");
        let speed = self.pace.speed.map(|_| "--speed");
        let clock = self.pace.clock.map(|_| "--clock");
        plain.or(speed).or(clock)
    }
}

/// How a run is shown without a screen.
#[derive(Clone, Copy, Debug, Default, ClapArgs)]
pub(in crate::cli) struct Form {
    /// Print a line an event as it happens; no screen
    #[arg(long)]
    pub(in crate::cli) plain: bool,
    /// Print one JSON report at the end; no screen
    #[arg(long, conflicts_with = "plain")]
    pub(in crate::cli) json: bool,
}

/// How fast, and by which clock.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(in crate::cli) struct Pace {
    /// Scenario seconds in a second: 20 makes every sleep 20 times shorter; lowered to what a
    /// scenario allows
    #[arg(long, value_name = "X", value_parser = speed, allow_negative_numbers = true)]
    pub(in crate::cli) speed: Option<f64>,
    /// How time passes: `run` takes the real clock unless told, `check` the virtual one; what
    /// virtual time cannot run (processes, several workers) runs really, and says so
    #[arg(long, value_name = "C")]
    pub(in crate::cli) clock: Option<ClockChoice>,
}

/// How time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ClockChoice {
    /// Everything really happens: a sleep of 5s takes 5s
    Real,
    /// Time is computed: nobody sleeps, and every run is the same
    Virtual,
}

/// What else watches the runs; for the menu and for `run`.
#[derive(Clone, Copy, Debug, Default, ClapArgs)]
pub(in crate::cli) struct Watch {
    /// Let tokio-console attach, here or at 127.0.0.1:6669 (port 0: a free one)
    #[arg(long, value_name = "ADDR", num_args = 0..=1, require_equals = true,
          default_missing_value = "127.0.0.1:6669", value_parser = crate::cli::console::address)]
    pub(in crate::cli) console: Option<SocketAddr>,
    /// Let tokio-metrics count too; costs more than our recorder
    #[arg(long)]
    pub(in crate::cli) metrics: bool,
    /// Keep the last run's runtime alive after its end, until a key or the next run
    #[arg(long)]
    pub(in crate::cli) hold: bool,
}

impl Watch {
    /// What was asked for here, or else before the command.
    pub(in crate::cli) fn or(self, other: Self) -> Self {
        Self {
            console: self.console.or(other.console),
            metrics: self.metrics || other.metrics,
            hold: self.hold || other.hold,
        }
    }

    /// The first flag that was given, if one was.
    pub(in crate::cli) fn given(self) -> Option<&'static str> {
        if self.console.is_some() {
            Some("--console")
        } else {
            let metrics = self.metrics.then_some("--metrics");
            metrics.or(self.hold.then_some("--hold"))
        }
    }
}
