//! OVER: screens that lie over another one.
//!
//! *In:* the model. *Out:* cells. *Absent:* keys. In order: help, files, texts, spread, plot, knobs.

pub(crate) mod files;
pub(crate) mod help;
pub(crate) mod knobs;
pub(crate) mod plot;
pub(crate) mod spread;
pub(crate) mod texts;
