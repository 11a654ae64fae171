//! Runs held against what their scenario expects.
//!
//! *In:* the timeline of a run. *Out:* a sentence for each expectation that
//! was not met. *Absent:* running them. *Order:* run, requests, expect,
//! questions.

pub(crate) mod expect;
pub(crate) mod questions;
pub(crate) mod requests;
pub(crate) mod run;
