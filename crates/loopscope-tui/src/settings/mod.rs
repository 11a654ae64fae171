//! SETTINGS: what is decided before the screen opens.
//!
//! *In:* what the command line and the settings file say. *Out:* plain values. *Absent:* files.
//! In order: panes, settings, playlist, start.

pub mod panes;
pub mod playlist;
pub mod settings;
pub mod start;
