//! What needs a process for itself: it counts threads and memory, or listens on a port. One test at a time.

#[path = "../common/mod.rs"]
mod common;

mod client;
mod console;
mod console_runs;
mod memory;
mod threads;
