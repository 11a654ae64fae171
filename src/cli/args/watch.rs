//! The flags of `watch` and of `attach`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, ValueEnum};

use crate::app::open::program::visit;
use loopscope_protocol::request::{Target, Visit};
use loopscope_watch::Address;

/// The flags of what is told of a watched program, and where.
#[derive(Debug, ClapArgs)]
pub(crate) struct ToldArgs {
    /// Open no screen: at the end it is told who held the loop; a program that was started keeps this terminal
    #[arg(long)]
    pub(crate) report: bool,
    /// The same as JSON, on stdout behind what the program prints
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    /// In which form the report is told
    #[arg(long, value_name = "FORM")]
    pub(crate) format: Option<ReportForm>,
    /// Write the report to a file, not to the terminal
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The exit code is 1 where the loop was held for longer, such as 100ms; implies --report
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    pub(crate) max_block: Option<Duration>,
    /// From which length on a turn counts as a block; 50ms unless told
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    pub(crate) threshold: Option<Duration>,
    /// How much is kept at least: what is older is let go, who held the loop stays told; 10min unless told
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    pub(crate) keep: Option<Duration>,
    /// A place that may block: app.py, app.py:12 or app.py:startup; may be given several times. A
    /// comment `loopscope: allow` in that line or at the head of the function says the same
    #[arg(long, value_name = "PLACE")]
    pub(crate) allow: Vec<String>,
    /// Write a recording, for `loopscope replay`
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Open the screen, also where there would be a report only
    #[arg(long, conflicts_with_all = ["report", "json", "format", "no_open"])]
    pub(crate) open: bool,
    /// Open no screen and tell nothing at the end: the program keeps this terminal, for --record
    #[arg(long, conflicts_with_all = ["report", "json", "format"])]
    pub(crate) no_open: bool,
}

/// The flags of `watch`.
#[derive(Debug, ClapArgs)]
pub(crate) struct WatchProgramArgs {
    #[command(flatten)]
    pub(crate) told: ToldArgs,
    /// Send requests over loopback as soon as the program listens, all at the same moment, such as
    /// 'GET /ping x2'; may be given several times. With --report the program is asked to end, as by
    /// Ctrl-C, a second after all of them are answered. A Python file may say the same in comments:
    /// `# loopscope: GET /ping x2`
    #[arg(long, value_name = "REQUEST", value_parser = visit)]
    pub(crate) requests: Vec<Visit>,
    /// Keep what the program prints out of trace and recording
    #[arg(long)]
    pub(crate) no_output: bool,
    /// Keep query strings out of trace and recording
    #[arg(long)]
    pub(crate) no_arguments: bool,
    /// The program and its arguments; a Python file is run by python3, and on the screen again with
    /// each save
    #[arg(
        value_name = "COMMAND",
        trailing_var_arg = true,
        allow_hyphen_values = true,
        required = true
    )]
    pub(crate) command: Vec<OsString>,
}

/// The flags of `attach`.
#[derive(Debug, ClapArgs)]
pub(crate) struct AttachArgs {
    /// The number of the process; or where a program with `loopscope_probe::install()` waits that was
    /// started with LOOPSCOPE_SOCKET=listen:ADDR: the path of a socket, or 127.0.0.1:PORT
    #[arg(value_name = "PID|ADDR", value_parser = target)]
    pub(crate) target: Target,
    /// For how long it is watched, such as 2s; unless told until its end, at an address until Ctrl-C
    #[arg(long = "for", value_name = "LENGTH", value_parser = length)]
    pub(crate) length: Option<Duration>,
    #[command(flatten)]
    pub(crate) told: ToldArgs,
}

impl ToldArgs {
    /// Whether no screen is opened: a program that was started keeps the terminal.
    pub(crate) fn keeps_terminal(&self) -> bool {
        let asked = self.report || self.json || self.format.is_some() || self.output.is_some();
        !self.open && (asked || self.max_block.is_some() || self.no_open)
    }

    /// The form of the report.
    pub(crate) fn form(&self) -> ReportForm {
        if self.json {
            ReportForm::Json
        } else {
            self.format.unwrap_or(ReportForm::Text)
        }
    }
}

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportForm {
    /// Sentences, on stderr
    Text,
    /// One JSON object
    Json,
    /// Lines that GitHub shows at their places
    Github,
    /// A JUnit file
    Junit,
}

/// A program that runs already: `4711`, `/run/app.sock` or `127.0.0.1:7000`.
fn target(text: &str) -> Result<Target, String> {
    if let Ok(pid) = text.parse()
        && (1..=0x7fff_ffff).contains(&pid)
    {
        return Ok(Target::Process(pid));
    }
    let path = text.contains('/') && !text.starts_with("listen:");
    let path = path.then(|| std::path::absolute(text).ok()).flatten();
    match path.map(Address::Path).or_else(|| Address::parse(text)) {
        Some(Address::Path(path)) => Ok(Target::Path(path)),
        Some(Address::Port(port)) => Ok(Target::Port(port)),
        None => Err(
            "it is the number of a process, the path of a socket with a `/` in it, or a port on loopback such as 127.0.0.1:7000"
                .to_owned(),
        ),
    }
}

/// A length such as `100ms`.
fn length(text: &str) -> Result<Duration, &'static str> {
    let scaled =
        |figures: &str, scale: f64| figures.trim().parse().map(|number: f64| number * scale);
    // The longer units first: `10min` ends with no shorter one, `100ms` with `s`.
    let units = [("ms", 1e-3), ("min", 60.0), ("h", 3600.0), ("s", 1.0)];
    let mut units = units.iter();
    let unit = units.find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, *scale)));
    let (figures, scale) = unit.unwrap_or(("none", 1.0));
    let seconds = scaled(figures, scale);
    let fits = seconds
        .ok()
        .filter(|seconds| (0.001..=86_400.0).contains(seconds));
    fits.map(Duration::from_secs_f64)
        .ok_or("a length has its unit, such as 100ms, 0.5s or 10min, from 1ms to a day")
}
