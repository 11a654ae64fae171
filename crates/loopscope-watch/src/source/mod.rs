//! The source files of a watched program.
//!
//! *In:* the paths that it names. *Out:* their lines, and whose they are; and what its numbers stand for. In order: files · texts.

pub(crate) mod files;
pub(crate) mod texts;
