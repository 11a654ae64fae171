//! Installing: one line in a program, and its tokio tasks are seen by whoever started it under a watch.
//!
//! *In:* tokio's own spans, hooks of parking threads, requests of a tower service. *Out:* records in the lanes.
//! *Invariant:* where the program is not watched nothing is installed; what is installed never panics and never waits.
//! *Absent on purpose:* what other spans say. *Order:* `fields` · `watched` · `spans` · `install` · `threads` · `requests`.

pub(crate) mod fields;
pub(crate) mod install;
#[cfg(feature = "tower")]
pub(crate) mod requests;
pub(crate) mod spans;
pub(crate) mod threads;
pub(crate) mod watched;
