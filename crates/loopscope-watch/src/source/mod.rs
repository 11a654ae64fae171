//! The source files of a watched program.
//!
//! *In:* the paths that it names. *Out:* their lines, and whose they are. In order: files.

pub(crate) mod files;
