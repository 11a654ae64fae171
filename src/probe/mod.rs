//! 2b WATCH IT: what a tokio runtime does becomes events, in one order.
//!
//! *In:* hooks, wakes, and the steps that a program tells. *Out:* batches of events.
//! *Invariant:* never blocks, never loses silently. *Absent on purpose:* scenarios.
