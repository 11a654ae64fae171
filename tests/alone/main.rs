//! What needs the machine or a process for itself: it is held against the clock, counts threads and
//! memory, or listens on a port. One test at a time.

#[path = "../common/mod.rs"]
mod common;

mod client;
mod console;
mod console_runs;
mod gil;
mod memory;
mod real_clock;
mod recordings;
mod scenarios;
mod threads;
