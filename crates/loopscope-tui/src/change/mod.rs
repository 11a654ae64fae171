//! CHANGE: one change of the model each; knows no key.
//!
//! *In:* the model. *Out:* the model, changed, and effects. *Absent:* keys, clocks.

pub mod begin;
