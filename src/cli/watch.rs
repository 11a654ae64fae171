//! `loopscope watch`: a program of the user's own, on the stage or with a report at its end.

use std::fs;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use crate::app::failure::{Failure, Outcome, reason};
use crate::app::open::open::{RunChoices, THRESHOLD};
use crate::app::open::program::KEEP;
use crate::app::serve::app::Config;
use crate::app::serve::{ask, serve};
use crate::app::settings::settings::Settings;
use crate::app::signals::Signals;
use crate::cli::args::others::Look;
use crate::cli::args::watch::{AttachArgs, ReportForm, ToldArgs, WatchProgramArgs};
use crate::cli::stage;
use crate::export::watched::judge::Limits;
use crate::export::watched::report::WatchReport;
use crate::export::watched::{build, forms, text};
use crate::output;
use loopscope_protocol::reply::{Reply, Slot};
use loopscope_protocol::request::{Client, Command, Request, Target};
use loopscope_timeline::Timeline;
use loopscope_trace::{Answers, EndReason, Story};
use loopscope_tui::settings::settings::Start;

/// How often signals are looked at.
const GLANCE: Duration = Duration::from_millis(20);
/// The terminal of a program on the stage, until the screen has told its size.
const TERMINAL: (u16, u16) = (120, 40);
/// Ctrl-C so often, and a program that will not end is left to itself.
const ENOUGH: usize = 3;
/// The exit code where a limit was set and nothing was heard of the program.
const UNKNOWN: u8 = 4;
/// How a shell tells that Ctrl-C ended a program.
const INTERRUPTED: i32 = 130;

/// Watches a program in the form that was asked for.
pub(crate) fn watch(args: &WatchProgramArgs, look: &Look) -> Outcome {
    let keeps_terminal = args.told.keeps_terminal();
    let command = Command {
        words: args.command.clone(),
        output: !args.no_output,
        arguments: !args.no_arguments,
        terminal: (!keeps_terminal).then_some(TERMINAL),
        requests: args.requests.clone(),
        until_answered: keeps_terminal && !args.told.no_open,
        ..told(&args.told)
    };
    show(
        command,
        &args.told,
        look,
        "`loopscope watch --report -- COMMAND` tells at its end who held the loop, --json as an object",
    )
}

/// Watches a program that runs already.
pub(crate) fn attach(args: &AttachArgs, look: &Look) -> Outcome {
    let words = match &args.target {
        Target::Process(pid) => {
            let words = loopscope_watch::command(*pid);
            if words.is_empty() {
                vec![format!("process {pid}")]
            } else {
                words
            }
        }
        Target::Path(path) => vec![path.display().to_string()],
        Target::Port(port) => vec![port.to_string()],
    };
    let command = Command {
        words: words.into_iter().map(Into::into).collect(),
        attach: Some(args.target.clone()),
        length: args.length,
        ..told(&args.told)
    };
    show(
        command,
        &args.told,
        look,
        "`loopscope attach PID --report` (or ADDR for PID) tells at its end who held the loop, --json as an object",
    )
}

/// What a watch is asked for, whatever it watches.
fn told(args: &ToldArgs) -> Command {
    let most = args.max_block;
    Command {
        // A block that is too long must be seen.
        threshold: args
            .threshold
            .or(most.map(|most| most.min(THRESHOLD)))
            .unwrap_or(THRESHOLD),
        keep: args.keep.unwrap_or(KEEP),
        ..Command::default()
    }
}

/// Shows it on the screen, or in a report; `instead` is what needs no screen.
fn show(command: Command, args: &ToldArgs, look: &Look, instead: &'static str) -> Outcome {
    if args.keeps_terminal() {
        return report(args, command);
    }
    output::demand_terminal_or(instead)?;
    let settings = Settings::load(look);
    let mut config = Config::new(RunChoices::default(), args.record.clone()).set(&settings);
    config.follows = true;
    let client = serve::connect(config)?;
    let story = ask::watch(&client, command)?;
    let start = Start::Scenario {
        story: Box::new(story),
        knobs: Vec::new(),
        autoplay: true,
    };
    stage::open(client, start, &settings)
}

/// Lets the program have the terminal, and tells at its end who held the loop.
fn report(args: &ToldArgs, command: Command) -> Outcome {
    let words = command
        .words
        .iter()
        .map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = words.collect();
    let signals = Signals::for_another();
    let client = serve::connect(Config::new(RunChoices::default(), args.record.clone()))?;
    let is_joined = command.attach.is_some();
    ask::watch(&client, command)?;
    let Ended {
        timeline,
        exit,
        failure,
        by_signal,
    } = to_end(&client, &signals, is_joined)?;
    ask::leave(&client);
    let limits = Limits {
        max_block: args.max_block.map(Into::into),
        allow: args.allow.clone(),
    };
    let report = build::report(&timeline, &words, exit, &limits);
    if !args.no_open {
        tell(&report, args.form(), args.output.as_ref())?;
    }
    failure.map_or(Ok(()), Err)?;
    if args.max_block.is_some() && !report.heard {
        // It has been said why; that nothing was too long is not known.
        return Err(Failure::Quiet(UNKNOWN));
    }
    if report.held.iter().any(|row| row.too_long) {
        return Err(Failure::Quiet(1));
    }
    let is_stopped = timeline.live().ended == Some(EndReason::Stopped);
    match exit {
        None | Some(0) => Ok(()),
        // It was asked to end because all was answered, as by Ctrl-C.
        Some(INTERRUPTED) if !by_signal && is_stopped => Ok(()),
        // Its exit code is ours.
        Some(code) => Err(Failure::Quiet(u8::try_from(code & 0xff).unwrap_or(u8::MAX))),
    }
}

/// A program that has ended.
struct Ended {
    timeline: Timeline,
    exit: Option<i32>,
    /// What went wrong with its recording.
    failure: Option<Failure>,
    /// Whether a signal had come for it.
    by_signal: bool,
}

/// Waits for the end of the program; signals go on to one that was started, and end the watch of one that was joined.
fn to_end(client: &Client, signals: &Signals, is_joined: bool) -> Result<Ended, Failure> {
    let run = Request::Run {
        slot: Slot::Only,
        number: 1,
        knobs: Vec::new(),
        answers: Answers::default(),
    };
    client.requests.send(run).map_err(|_| gone())?;
    let mut timeline = Timeline::new(Story::default());
    let mut interrupts = 0;
    loop {
        match client.replies.recv_timeout(GLANCE) {
            Ok(Reply::Started { result, .. }) => timeline = Timeline::new(*result?),
            Ok(Reply::Batch { batch, .. }) => timeline.extend(batch),
            Ok(Reply::Windowed {
                from,
                timeline: mut stretch,
                ..
            }) => {
                stretch.carry(&timeline, from);
                timeline = *stretch;
            }
            Ok(Reply::Notice(sentence)) => output::say(format!("loopscope: {sentence}")),
            Ok(Reply::Ended {
                recording, exit, ..
            }) => {
                return Ok(Ended {
                    timeline,
                    exit,
                    failure: recording.err().map(Failure::from),
                    by_signal: interrupts > 0,
                });
            }
            Err(RecvTimeoutError::Disconnected) => return Err(gone()),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(number) = signals.next() {
            interrupts += 1;
            // A terminal has told the program itself.
            let is_told = is_key(number) && std::io::stdin().is_terminal();
            if !is_joined && !is_told {
                client
                    .requests
                    .send(Request::Signal(number))
                    .map_err(|_| gone())?;
            }
            if interrupts >= ENOUGH || is_joined {
                client.requests.send(Request::Stop).map_err(|_| gone())?;
            }
        }
    }
}

/// Whether a terminal sends it for a key.
const fn is_key(signal: i32) -> bool {
    const INT: i32 = 2;
    const QUIT: i32 = 3;
    matches!(signal, INT | QUIT)
}

fn gone() -> Failure {
    Failure::Io("the application has ended".to_owned())
}

fn tell(report: &WatchReport, form: ReportForm, to: Option<&PathBuf>) -> Outcome {
    let text = match form {
        ReportForm::Text => text::text(report),
        ReportForm::Github => forms::github(report),
        ReportForm::Junit => forms::junit(report),
        ReportForm::Json => {
            let json = serde_json::to_string_pretty(report);
            let json = json.map_err(|error| Failure::Io(error.to_string()))?;
            format!("{json}\n")
        }
    };
    if let Some(path) = to {
        return fs::write(path, text).map_err(|error| {
            let shown = path.display();
            Failure::Io(format!("{shown} cannot be written: {}", reason(&error)))
        });
    }
    if form == ReportForm::Text {
        // What the program prints is a result of its own: the sentences stand beside it.
        output::say(text.trim_end());
        return Ok(());
    }
    output::text(&text)
}
