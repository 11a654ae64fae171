//! CHANGE: one change of the model each; knows no key.
//!
//! *In:* the model, and what has come. *Out:* the model, changed, and effects. *Absent:* which key means what.
//! In order: aside, sweep, look, compare_open, questions, present, opened.

pub(crate) mod aside;
pub(crate) mod compare_open;
pub(crate) mod look;
pub(crate) mod opened;
pub(crate) mod present;
pub(crate) mod questions;
pub(crate) mod sweep;
