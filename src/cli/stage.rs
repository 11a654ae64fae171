//! Opens the screen: at the menu, on a scenario, or on a recording.

use std::io::{self, IsTerminal};

use super::args::{Look, RunArgs, Watch};
use super::failure::{Failure, reason, say};
use super::prepare::Wish;
use super::progress::Keeper;
use super::settings::Settings;
use super::wire::Desk;
use super::{Outcome, output};
use loopscope_trace::Trace;
use loopscope_tui as tui;
use loopscope_tui::settings::playlist::Playlist;
use loopscope_tui::settings::start::{Exit, Start};

/// What to type without a terminal.
const RUN: &str = "run SCENARIO";

/// The menu.
pub(super) fn menu(wish: Wish, watch: Watch, settings: &Settings) -> Outcome {
    let desk = Desk::new(wish, None).watched(watched(watch, settings));
    open(desk, Start::Menu, settings)
}

/// A scenario that has been found right.
pub(super) fn scenario(args: &RunArgs, mut wish: Wish, watch: Watch, look: &Look) -> Outcome {
    let settings = Settings::load(look);
    if args.pace.clock.is_none() {
        wish.clock = settings.clock();
    }
    let start = Start::Scenario {
        scenario: args.scenario.clone(),
        knobs: wish.knobs.clone(),
        autoplay: args.autoplay,
    };
    let desk = Desk::new(wish, args.record.clone()).watched(watched(watch, &settings));
    open(desk, start, &settings)
}

/// A recording.
pub(super) fn recording(trace: Trace, autoplay: bool, look: &Look) -> Outcome {
    let desk = Desk::new(Wish::default(), None).with_recording(&trace);
    let start = Start::Recording {
        trace: Box::new(trace),
        autoplay,
    };
    open(desk, start, &Settings::load(look))
}

/// A playlist whose scenarios have all been found right.
pub(super) fn present(playlist: Playlist, autoplay: bool, again: bool, look: &Look) -> Outcome {
    let start = Start::Present {
        playlist: Box::new(playlist),
        autoplay,
        again,
    };
    let settings = Settings::load(look);
    let wish = Wish {
        clock: settings.clock(),
        ..Wish::default()
    };
    let desk = Desk::new(wish, None).watched(watched(Watch::default(), &settings));
    open(desk, start, &settings)
}

/// Two scenarios or recordings that are compared.
pub(super) fn pair(names: [String; 2], wish: Wish, look: &Look) -> Outcome {
    let desk = Desk::new(wish, None);
    open(desk, Start::Pair(names), &Settings::load(look))
}

/// Why there is no screen to draw on; `None` where there is one.
pub(super) fn no_terminal() -> Option<&'static str> {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        Some("this is not a terminal")
    } else if super::plain::is_dumb() {
        Some("this terminal cannot draw (TERM=dumb)")
    } else {
        None
    }
}

/// Refuses where there is no screen to draw on; `instead` is the command that needs none.
pub(super) fn demand_terminal(instead: &str) -> Outcome {
    let Some(why) = no_terminal() else {
        return Ok(());
    };
    Err(Failure::Usage(format!(
        "{why}: `loopscope --plain` is the menu in lines, `loopscope {instead} --plain` prints a line an event, --json a report"
    )))
}

/// What else watches, where a flag or a setting asks for it.
pub(super) fn watched(watch: Watch, settings: &Settings) -> Watch {
    let metrics = watch.metrics || settings.metrics();
    Watch { metrics, ..watch }
}

fn open(desk: Desk, start: Start, settings: &Settings) -> Outcome {
    demand_terminal(RUN)?;
    if let Some(problems) = settings.problems() {
        // Found there again when the screen is left.
        say(problems.render(output::color_on_stderr()));
    }
    let keeper = Keeper::at_home();
    let desk = desk.set(settings).remembering(keeper.clone());
    let recordings = desk.recordings();
    let exit = tui::run(Box::new(desk), start, settings.screen());
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
