//! A whole run: its threads, its runtimes, its end.
//!
//! *In:* a scenario and options. *Out:* a `Run` with batches of events, and what was counted.
//! *Absent:* what the events mean. A stopped run leaves no thread behind after 50 ms.
//! *Order:* runtime · loops · drive · setup · supervise · start.

pub(crate) mod drive;
pub(crate) mod loops;
pub(crate) mod runtime;
pub(crate) mod setup;
pub(crate) mod start;
pub(crate) mod supervise;
