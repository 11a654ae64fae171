//! The last stretch of a run without an end, as a trace of its own.
//!
//! *In:* the batches of a run that goes on. *Out:* at any moment, batches of another trace: what is alive, as it was
//! introduced and as its last turn left it, and from then on all that happens. *Absent:* the screen, and when a window
//! is begun. What it remembers is bounded by what is alive. *Order:* living, dense, window.

pub(crate) mod dense;
pub(crate) mod living;
pub(crate) mod window;
