//! Runs on threads of their own, told as replies.
//!
//! *In:* a scenario that is ready. *Out:* batches, counts of many runs, a recording that is whole,
//! and how tokio-console's listener stands. *Absent:* what a batch means.
//! *Order:* keep, visits, live, going, console, pipe, record, zero, stream, many.

pub(crate) mod console;
pub(crate) mod going;
pub(crate) mod keep;
pub(crate) mod live;
pub(crate) mod many;
pub(crate) mod pipe;
pub(crate) mod record;
pub(crate) mod stream;
pub(crate) mod visits;
pub(crate) mod zero;
