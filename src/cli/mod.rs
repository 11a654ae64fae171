//! The commands: flags and files become requests, replies become an exit code.
//!
//! *In:* arguments. *Out:* an exit code; stdout carries results only, and whatever goes wrong is one
//! sentence on stderr. *Absent:* anything that another room could do.
//! *Order:* args, stage, play, run, watch, check, present, picture, write, user, print, quiz, doctor, main.

pub(crate) mod args;
pub(crate) mod check;
pub(crate) mod doctor;
mod main;
pub(crate) mod picture;
pub(crate) mod play;
pub(crate) mod present;
pub(crate) mod print;
pub(crate) mod quiz;
pub(crate) mod run;
pub(crate) mod stage;
pub(crate) mod user;
pub(crate) mod watch;
pub(crate) mod write;

pub use main::main;
