//! The program as it is run: the command line, its streams, and what it leaves behind.

#[path = "../common/mod.rs"]
mod common;

mod cli;
mod export;
mod hostile;
mod own;
mod plain;
mod processes;
mod progress;
mod quiz;
mod readme;
mod watch;
