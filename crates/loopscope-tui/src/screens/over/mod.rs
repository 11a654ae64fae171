//! OVER: screens that lie over another one.
//!
//! *In:* the model. *Out:* cells. *Absent:* keys. In order: help, files, panels, spread.

pub mod files;
pub mod help;
pub mod panels;
pub mod spread;
