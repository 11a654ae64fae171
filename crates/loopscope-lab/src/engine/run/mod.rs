//! A whole run: its threads, its runtimes, its end; in the program itself and in its child processes.
//!
//! *In:* a scenario and options, or the frames of a parent. *Out:* a `Run` with batches of events, and what
//! was counted, or frames with what was recorded and done. *Absent:* what the events mean. A stopped run
//! leaves no thread behind after 50 ms.
//! *Order:* runtime · loops · drive · setup · supervise · start · copy · child.

pub(crate) mod child;
pub(crate) mod copy;
pub(crate) mod drive;
pub(crate) mod loops;
pub(crate) mod runtime;
pub(crate) mod setup;
pub(crate) mod start;
pub(crate) mod supervise;
