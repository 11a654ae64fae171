//! CHANGE: one change of the model each; knows no key.
//!
//! *In:* the model, and what has come. *Out:* the model, changed, and effects. *Absent:* which key means what.
//! In order: sweep, look, compare_open, questions, present, opened.

pub mod compare_open;
pub mod look;

pub mod opened;
pub mod present;
pub mod questions;
pub mod sweep;
