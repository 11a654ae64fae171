//! The whole path as lines: menu, question, run, reply, for a dumb terminal or a screen reader.
//!
//! *In:* lines from stdin. *Out:* lines on stdout, a line that ends in `> ` where one is wanted.
//! *Invariant:* what is printed stays as it is: nothing is redrawn, and no line has a control
//! character. *Absent on purpose:* what a line means (that is [`typed`], which knows no stdin)
//! and what a run is (the same entrance as the screen's answers).

mod about;
mod dialogue;
mod help;
mod input;
mod list;
mod question;
mod reveal;
mod talk;
#[cfg(test)]
#[path = "../../../tests/inside/plain/mod.rs"]
mod tests;

mod typed;

use std::io::{self, IsTerminal};

use super::Outcome;
use super::args::Watch;
use super::prepare::Wish;
use super::settings::Settings;
use super::wire::config::Config;
use super::{stage, wire};
use loopscope_protocol::request::Client;
use loopscope_trace::Story;

/// What somebody reads whose terminal cannot draw.
const DUMB: &str = "This terminal cannot draw (TERM=dumb): loopscope speaks in lines.";

/// Whether two people's ends are there, and a terminal between them that cannot draw.
pub(super) fn wanted_by_itself() -> bool {
    is_dumb() && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Whether the terminal says that it cannot draw.
pub(super) fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// The menu.
pub(super) fn menu(wish: Wish, watch: Watch, settings: &Settings, by_itself: bool) -> Outcome {
    let mut config = Config::new(wish.clone(), None).set(settings);
    config.watch = stage::watched(watch, settings);
    let client = wire::connect(config)?;
    talk::talk(client, wish, settings, None, by_itself.then_some(DUMB))
}

/// A scenario that has been opened, with its question.
pub(super) fn scenario(
    client: Client,
    story: Story,
    wish: Wish,
    settings: &Settings,
    by_itself: bool,
) -> Outcome {
    talk::talk(
        client,
        wish,
        settings,
        Some(story),
        by_itself.then_some(DUMB),
    )
}
