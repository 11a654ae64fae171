//! `loopscope watch`: a program of the user's own, on the stage or with a report at its end.

use std::fs;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use crate::app::failure::{Failure, Outcome, reason};
use crate::app::open::open::RunChoices;
use crate::app::serve::app::Config;
use crate::app::serve::{ask, serve};
use crate::app::settings::settings::Settings;
use crate::app::signals::Signals;
use crate::cli::args::others::Look;
use crate::cli::args::watch::{ReportForm, WatchProgramArgs};
use crate::cli::stage;
use crate::export::watched::judge::Limits;
use crate::export::watched::report::WatchReport;
use crate::export::watched::{build, forms, text};
use crate::output;
use loopscope_protocol::reply::{Reply, Slot};
use loopscope_protocol::request::{Client, Command, Request};
use loopscope_timeline::Timeline;
use loopscope_trace::{Answers, Story};
use loopscope_tui::settings::settings::Start;

/// How often signals are looked at.
const GLANCE: Duration = Duration::from_millis(20);
/// From which length on a turn counts as a block.
const THRESHOLD: Duration = Duration::from_millis(50);
/// The terminal of a program on the stage, until the screen has told its size.
const TERMINAL: (u16, u16) = (120, 40);
/// Ctrl-C so often, and a program that will not end is left to itself.
const ENOUGH: usize = 3;

/// Watches a program in the form that was asked for.
pub(crate) fn watch(args: &WatchProgramArgs, look: &Look) -> Outcome {
    let keeps_terminal = args.keeps_terminal();
    let most = args.max_block;
    let command = Command {
        words: args.command.clone(),
        // A block that is too long must be seen.
        threshold: args
            .threshold
            .or(most.map(|most| most.min(THRESHOLD)))
            .unwrap_or(THRESHOLD),
        output: !args.no_output,
        arguments: !args.no_arguments,
        terminal: (!keeps_terminal).then_some(TERMINAL),
    };
    if keeps_terminal {
        return report(args, command);
    }
    output::demand_terminal("watch --report -- COMMAND")?;
    let settings = Settings::load(look);
    let config = Config::new(RunChoices::default(), args.record.clone()).set(&settings);
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
fn report(args: &WatchProgramArgs, command: Command) -> Outcome {
    let words = command
        .words
        .iter()
        .map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = words.collect();
    let signals = Signals::for_another();
    let client = serve::connect(Config::new(RunChoices::default(), args.record.clone()))?;
    ask::watch(&client, command)?;
    let (timeline, failure) = to_end(&client, &signals)?;
    ask::leave(&client);
    let exit = exit_code(&timeline);
    let limits = Limits {
        max_block: args.max_block.map(Into::into),
        allow: args.allow.clone(),
    };
    let report = build::report(&timeline, &words, exit, &limits);
    if !args.no_open {
        tell(&report, args.form(), args.output.as_ref())?;
    }
    failure.map_or(Ok(()), Err)?;
    if report.held.iter().any(|row| row.too_long) {
        return Err(Failure::Quiet(1));
    }
    match exit {
        None | Some(0) => Ok(()),
        // Its exit code is ours.
        Some(code) => Err(Failure::Quiet(u8::try_from(code & 0xff).unwrap_or(u8::MAX))),
    }
}

/// Waits for the end of the program; signals go on to it.
fn to_end(client: &Client, signals: &Signals) -> Result<(Timeline, Option<Failure>), Failure> {
    let gone = |_| Failure::Io("the application has ended".to_owned());
    let run = Request::Run {
        slot: Slot::Only,
        number: 1,
        knobs: Vec::new(),
        answers: Answers::default(),
    };
    client.requests.send(run).map_err(gone)?;
    let mut timeline = Timeline::new(Story::default());
    let mut interrupts = 0;
    loop {
        match client.replies.recv_timeout(GLANCE) {
            Ok(Reply::Started { result, .. }) => timeline = Timeline::new(*result?),
            Ok(Reply::Batch { batch, .. }) => timeline.extend(batch),
            Ok(Reply::Ended { recording, .. }) => {
                return Ok((timeline, recording.err().map(Failure::from)));
            }
            Err(RecvTimeoutError::Disconnected) => return Ok((timeline, None)),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(number) = signals.next() {
            interrupts += 1;
            // A terminal has told the program itself.
            if !(is_key(number) && std::io::stdin().is_terminal()) {
                client
                    .requests
                    .send(Request::Signal(number))
                    .map_err(gone)?;
            }
            if interrupts >= ENOUGH {
                client.requests.send(Request::Stop).map_err(gone)?;
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

/// How the program that was started has ended, as a shell tells it.
fn exit_code(timeline: &Timeline) -> Option<i32> {
    let first = timeline.live().shared.processes.first()?;
    match first.status? {
        status if status < 0 => Some(128 - status),
        status => Some(status),
    }
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
