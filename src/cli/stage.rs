//! Opens the screen: at the menu, on a scenario, or on a recording.

use std::fmt::Write;
use std::sync::mpsc::channel;

use crate::app::failure::{Failure, Outcome, reason};
use crate::app::notes::follow;
use crate::app::notes::follow::{Filter, follow};
use crate::app::notes::line::KeySender;
use crate::app::open::open::RunChoices;
use crate::app::serve::app::{Config, Watch};
use crate::app::serve::{ask, serve};
use crate::app::settings::settings::Settings;
use crate::cli::args::others::{CompareArgs, Look, NotesArgs};
use crate::cli::stage;
use crate::output;
use crate::output::{demand_terminal, say};
use loopscope_protocol::request::Client;
use loopscope_trace::{Clock, plain};
use loopscope_tui as tui;
use loopscope_tui::notes::page::lines;
use loopscope_tui::notes::screen::{Shown, clock};
use loopscope_tui::notes::watch::{WatchEvent, watch};
use loopscope_tui::settings::settings::{Exit, Playlist, Start};

/// What to type without a terminal.
const RUN: &str = "run SCENARIO";

/// The menu.
pub(crate) fn menu(choices: RunChoices, watch: Watch, settings: &Settings) -> Outcome {
    let mut config = Config::new(choices, None).set(settings);
    config.watch = watched(watch, settings);
    config.follows = true;
    open(serve::connect(config)?, Start::Menu, settings)
}

/// A playlist whose scenarios have all been found right.
pub(crate) fn present(playlist: Playlist, autoplay: bool, again: bool, look: &Look) -> Outcome {
    let start = Start::Present {
        playlist: Box::new(playlist),
        autoplay,
        again,
    };
    let settings = Settings::load(look);
    let choices = RunChoices {
        clock: settings.clock(),
        ..RunChoices::default()
    };
    let mut config = Config::new(choices, None).set(&settings);
    config.watch = watched(Watch::default(), &settings);
    config.follows = true;
    open(serve::connect(config)?, start, &settings)
}

/// What else watches, where a flag or a setting asks for it.
pub(crate) fn watched(watch: Watch, settings: &Settings) -> Watch {
    let metrics = watch.metrics || settings.metrics();
    let memory = watch.memory.or(Some(settings.memory()));
    Watch {
        metrics,
        memory,
        ..watch
    }
}

/// Opens the screen on what the client has open, and waits until all is kept.
pub(crate) fn open(client: Client, start: Start, settings: &Settings) -> Outcome {
    demand_terminal(RUN)?;
    if let Some(problems) = settings.problems() {
        // Found there again when the screen is left.
        output::say_problems(problems);
    }
    let over = tui::open(client, start, settings.screen());
    let left = over.left;
    let progress = left.as_ref().and_then(|left| left.progress.clone());
    for sentence in over.late.into_iter().chain(progress) {
        say(format!("loopscope: {sentence}"));
    }
    let exit = over
        .exit
        .map_err(|error| Failure::Io(format!("the terminal fails: {}", reason(&error))))?;
    left.map_or(Ok(()), |left| left.recording)?;
    match exit {
        Exit::Quit => Ok(()),
        Exit::Signal(number) => Err(Failure::Signal(number)),
    }
}

/// Opens the screen on both.
pub(crate) fn compare(args: &CompareArgs, look: &Look) -> Outcome {
    let settings = Settings::load(look);
    let choices = RunChoices::at(args.pace, Clock::Real);
    let client = serve::connect(Config::new(choices, None).set(&settings))?;
    // What is wrong with them is said here and not on a screen, as for `run`.
    let halves = ask::open_pair(&client, [args.left.clone(), args.right.clone()])?;
    stage::open(client, Start::Pair(halves), &settings)
}

/// Shows the notes of the presenting process.
pub(crate) fn notes(args: &NotesArgs, look: &Look) -> Outcome {
    let wanted = Filter {
        folders: follow::folders(),
        pid: args.pid,
    };
    if args.plain {
        as_lines(&wanted)
    } else {
        on_screen(wanted, &Settings::load(look).screen())
    }
}

fn on_screen(wanted: Filter, settings: &tui::Settings) -> Outcome {
    output::no_terminal().map_or(Ok(()), |why| {
        Err(Failure::Usage(format!(
            "{why}: `loopscope notes --plain` prints a line a change"
        )))
    })?;
    let (events, heard) = channel();
    let way = KeySender::default();
    let (own, told) = (way.clone(), events.clone());
    let following = move || {
        follow(&wanted, &own, |shown, remark| {
            told.send(WatchEvent::Notes(shown, remark)).is_ok()
        });
    };
    let failed = |error| Failure::Io(format!("the terminal fails: {}", reason(&error)));
    let thread = std::thread::Builder::new().name("follow".to_owned());
    thread.spawn(following).map_err(failed)?;
    let exit = watch(&events, &heard, &mut |key| way.press(key), settings).map_err(failed)?;
    match exit {
        Exit::Quit => Ok(()),
        Exit::Signal(number) => Err(Failure::Signal(number)),
    }
}

/// Prints what is new in each page, with the lecture's clock in front.
fn as_lines(wanted: &Filter) -> Outcome {
    let mut outcome = Ok(());
    let mut before: Vec<String> = Vec::new();
    follow(wanted, &KeySender::default(), |shown, remark| {
        let (now, time) = match &shown {
            Shown::Waiting(sentence) => (vec![sentence.clone()], None),
            Shown::Page { page, lecture, .. } => {
                let remark = (!remark.is_empty()).then_some(remark);
                (
                    lines(page).into_iter().chain(remark).collect(),
                    Some(*lecture),
                )
            }
        };
        let mut text = String::new();
        for line in now.iter().filter(|line| !before.contains(line)) {
            let time = time.filter(|_| text.is_empty());
            let time = time.map_or(String::new(), |time| format!("[{}] ", clock(time)));
            let _ = writeln!(text, "{time}{}", plain(line));
        }
        before = now;
        if !text.is_empty() {
            outcome = output::text(&text);
        }
        outcome.is_ok()
    });
    outcome
}
