//! Opens the screen: at the menu, on a scenario, or on a recording.

use std::io::{self, IsTerminal};

use super::args::{Color, Look, RunArgs, Theme, Watch};
use super::failure::{Failure, reason, say};
use super::prepare::Wish;
use super::progress::Keeper;
use super::wire::Desk;
use super::{Outcome, output};
use crate::trace::Trace;
use crate::tui::{self, Exit, Settings, Start, ThemeChoice};

/// What to type without a terminal.
const RUN: &str = "run SCENARIO";

/// The menu.
pub(super) fn menu(watch: Watch, look: &Look) -> Outcome {
    let desk = Desk::new(Wish::default(), None).watched(watch);
    open(desk, Start::Menu, look)
}

/// A scenario that has been found right.
pub(super) fn scenario(args: &RunArgs, wish: Wish, watch: Watch, look: &Look) -> Outcome {
    let start = Start::Scenario {
        scenario: args.scenario.clone(),
        knobs: wish.knobs.clone(),
        autoplay: args.autoplay,
    };
    let desk = Desk::new(wish, args.record.clone()).watched(watch);
    open(desk, start, look)
}

/// A recording.
pub(super) fn recording(trace: Trace, autoplay: bool, look: &Look) -> Outcome {
    let desk = Desk::new(Wish::default(), None).with_recording(&trace);
    let start = Start::Recording {
        trace: Box::new(trace),
        autoplay,
    };
    open(desk, start, look)
}

/// Two scenarios or recordings that are compared.
pub(super) fn pair(names: [String; 2], wish: Wish, look: &Look) -> Outcome {
    open(Desk::new(wish, None), Start::Pair(names), look)
}

/// Refuses where there is no screen to draw on; `instead` is the command that needs none.
pub(super) fn demand_terminal(instead: &str) -> Outcome {
    let why = if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        "this is not a terminal"
    } else if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        "this terminal cannot draw (TERM=dumb)"
    } else {
        return Ok(());
    };
    Err(Failure::Usage(format!(
        "{why}: `loopscope {instead} --plain` prints a line an event, --json a report"
    )))
}

fn open(desk: Desk, start: Start, look: &Look) -> Outcome {
    demand_terminal(RUN)?;
    let keeper = Keeper::at_home();
    let desk = desk.remembering(keeper.clone());
    let recordings = desk.recordings();
    let exit = tui::run(Box::new(desk), start, settings(look));
    if let Some(sentence) = keeper.settle() {
        say(format!("loopscope: {sentence}"));
    }
    let exit =
        exit.map_err(|error| Failure::Io(format!("the terminal fails: {}", reason(&error))))?;
    recordings.settle()?;
    match exit {
        Exit::Quit => Ok(()),
        Exit::Signal(number) => Err(Failure::Signal(number)),
    }
}

fn settings(look: &Look) -> Settings {
    Settings {
        theme: match look.theme {
            Theme::Auto => ThemeChoice::Auto,
            Theme::Dark => ThemeChoice::Dark,
            Theme::Light => ThemeChoice::Light,
            Theme::Mono => ThemeChoice::Mono,
        },
        ascii: look.ascii,
        color: match look.color {
            Color::Auto => output::wanted(),
            Color::Always => true,
            Color::Never => false,
        },
        ..Settings::default()
    }
}
