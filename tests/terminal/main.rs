//! The program on a pseudo-terminal, one test at a time: each needs the machine for itself.

#[path = "../common/mod.rs"]
mod common;

mod any_keys;
mod lifecycle;
mod live;
mod notes;
mod own_screen;
mod predicting;
mod present_cli;
mod resting;
mod signals;
mod watched;
