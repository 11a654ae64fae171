//! The one entrance: what screen, lines and commands ask, and what they are told.
//!
//! *In:* requests. *Out:* stories, batches, recordings as files. Everything that is open, runs or is
//! kept belongs to one thread, and an asker never waits. *Absent:* what a batch means.
//! *Order:* app, user_files, editing, aside, serve, ask.

pub(crate) mod app;
pub(crate) mod aside;
pub(crate) mod ask;
pub(crate) mod editing;
pub(crate) mod serve;
pub(crate) mod user_files;
