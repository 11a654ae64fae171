//! What the probe records: one order, one set of ids, and the counts that tokio has itself.

#[path = "../common/mod.rs"]
mod common;

mod ids;
mod joining;
mod lanes;
mod metrics;
mod order;
mod own_program;
mod runtime_metrics;
