//! Watching: tokio's hooks, wrapped futures and wakers become facts.
//!
//! *In:* a runtime's builder, futures to spawn, blocking work. *Out:* facts in the rings: spawns,
//! turns, wakes with their causes, ends, jobs. *Invariant:* what is watched runs as it would
//! unwatched. *Absent on purpose:* what a task does inside a turn; the program tells that itself.
//! *Order:* `cell` · `traced` · `spawn` · `branch` · `job` · `hooks`.

pub(crate) mod branch;
pub(crate) mod cell;
pub(crate) mod hooks;
pub(crate) mod job;
pub(crate) mod spawn;
pub(crate) mod traced;
