//! The screen without a terminal: keys, news, and frames at every size.

#[path = "../common/mod.rs"]
mod common;

mod busy;
mod compare;
mod console_keys;
mod events;
mod for_everybody;
mod key_table;
mod knob_values;
mod knobs;
mod large_letters;
mod listing_differences;
mod many;
mod own_keys;
mod own_program;
mod panes;
mod path;
mod pictures;
mod present;
mod question;
mod questions;
mod screens;
mod scrolling;
mod shell;
mod spread;
mod svg;
mod text;
mod time_axis;
mod timetravel;
mod values;
mod watching;
