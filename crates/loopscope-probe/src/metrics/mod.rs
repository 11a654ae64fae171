//! tokio-metrics: what a runtime counts about itself, sampled from outside its threads. Feature
//! `metrics`.
//!
//! *In:* a runtime's handle. *Out:* metric events, each time that a figure has changed.
//! *Invariant:* a sample only reads, so that it never waits for a blocked worker.
//! *Absent on purpose:* what a figure means. *Order:* `sampler`.

mod sampler;

pub use sampler::{Meter, Sampler, count_turns};
