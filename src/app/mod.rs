//! The program behind screen, lines and commands: one thread that opens, runs and keeps.
//!
//! *In:* requests, the files and settings of the user. *Out:* replies, recordings, progress.
//! *Absent:* flags, stdout, a terminal. *Order:* failure, signals, files, settings, library, open, run, check, progress, notes, serve.

pub(crate) mod check;
pub(crate) mod failure;
pub(crate) mod files;
pub(crate) mod library;
pub(crate) mod notes;
pub(crate) mod open;
pub(crate) mod progress;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod settings;
pub(crate) mod signals;
