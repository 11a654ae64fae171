//! Starts the program that is watched, with what records its turns.
//!
//! *In:* a command, and the Python files that listen inside it. *Out:* a running program and the private folder in which
//! each of its processes keeps its ring. Nothing of either is left behind. *Absent:* what the rings hold.
//! In order: options · folder · environment · program.

pub(crate) mod environment;
pub(crate) mod folder;
pub(crate) mod options;
pub(crate) mod program;
