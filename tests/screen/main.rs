//! The screen without a terminal: keys, news, and frames at every size.

#[path = "../common/mod.rs"]
mod common;

mod compare;
mod console_keys;
mod for_everybody;
mod knobs;
mod own_keys;
mod panes;
mod pictures;
mod present;
mod question;
mod screens;
mod shell;
mod spread;
mod text;
mod timetravel;
