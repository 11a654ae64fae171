//! Opens the screen: at the menu, on a scenario, or on a recording.

use std::io::{self, IsTerminal};

use super::args::{Look, Watch};
use super::failure::{Failure, reason, say};
use super::prepare::Wish;
use super::settings::Settings;
use super::wire::config::Config;
use super::{Outcome, output, wire};
use loopscope_protocol::request::Client;
use loopscope_tui as tui;
use loopscope_tui::settings::playlist::Playlist;
use loopscope_tui::settings::start::{Exit, Start};

/// What to type without a terminal.
const RUN: &str = "run SCENARIO";

/// The menu.
pub(super) fn menu(wish: Wish, watch: Watch, settings: &Settings) -> Outcome {
    let mut config = Config::new(wish, None).set(settings);
    config.watch = watched(watch, settings);
    config.follows = true;
    open(wire::connect(config)?, Start::Menu, settings)
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
    let mut config = Config::new(wish, None).set(&settings);
    config.watch = watched(Watch::default(), &settings);
    config.follows = true;
    open(wire::connect(config)?, start, &settings)
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

/// Opens the screen on what the client has open, and waits until all is kept.
pub(super) fn open(client: Client, start: Start, settings: &Settings) -> Outcome {
    demand_terminal(RUN)?;
    if let Some(problems) = settings.problems() {
        // Found there again when the screen is left.
        say(problems.render(output::color_on_stderr()));
    }
    let over = tui::open(client, start, settings.screen());
    let left = over.left;
    let progress = left.as_ref().and_then(|left| left.progress.clone());
    for sentence in over.unheard.into_iter().chain(progress) {
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
