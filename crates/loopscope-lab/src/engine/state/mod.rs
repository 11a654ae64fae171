//! What all tasks and threads of a run share.
//!
//! *In:* the scenario. *Out:* variables, locks, channels, files, texts, and how the server stops.
//! *Absent:* the steps that use them.
//! *Order:* stopping · shared_values · run_state.

pub(crate) mod run_state;
pub(crate) mod shared_values;
pub(crate) mod stopping;
