//! OVER: screens that lie over another one.
//!
//! *In:* the model. *Out:* cells. *Absent:* keys. In order: help, files, spread.

pub(crate) mod files;
pub(crate) mod help;
pub(crate) mod spread;
