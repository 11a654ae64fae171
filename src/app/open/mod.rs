//! From a source to what can be run or shown.
//!
//! *In:* a source and choices, or the path of a recording. *Out:* a scenario that is ready to run, a
//! recording that has been read, and word of a watched file. *Absent:* running it.
//! *Order:* program, real, open, watch_file.

pub(crate) mod open;
pub(crate) mod program;
pub(crate) mod real;
pub(crate) mod watch_file;
