//! Findings about what runs: who holds a thread, and who is kept from one.
//!
//! *In:* events, the world, the lanes. *Out:* findings. *Absent:* what is awaited.
//!
//! In order: `blocked_loop` · `starved` · `saturated_pool` · `never_polled` · `gil_contention` · `lifo_slot`.

pub(crate) mod blocked_loop;
pub(crate) mod gil_contention;
pub(crate) mod lifo_slot;
pub(crate) mod never_polled;
pub(crate) mod saturated_pool;
pub(crate) mod starved;
