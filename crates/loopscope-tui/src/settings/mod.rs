//! SETTINGS: what is decided before the screen opens.
//!
//! *In:* what the command line and the settings file say. *Out:* plain values. *Absent:* files.
//! In order: panes, settings.

pub mod panes;
pub mod settings;
