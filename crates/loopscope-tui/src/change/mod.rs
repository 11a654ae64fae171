//! CHANGE: one change of the model each; knows no key.
//!
//! *In:* the model, and what has come. *Out:* the model, changed, and effects. *Absent:* which key means what.
//! In order: sweep, run, remember, mistakes, moves, look, compare_open, spread, questions, present, stops, opened, begin.

pub mod begin;
pub mod compare_open;
pub mod look;
pub mod mistakes;
pub mod moves;
pub mod opened;
pub mod present;
pub mod questions;
pub mod remember;
pub(crate) mod run;
pub mod spread;
pub mod stops;
pub mod sweep;
