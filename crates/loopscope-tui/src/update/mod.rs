//! UPDATE: from a message to a changed model and effects.
//!
//! *In:* one message. *Out:* effects. *Invariant:* no input or output, no clock: time comes as a length with a tick.
//! *Absent:* drawing.
//! In order: scroll, menu, prompt, panels, question, events, own_program, stage, compare, user_files, keys, update.

pub(crate) mod compare;
pub(crate) mod events;
pub(crate) mod keys;
pub(crate) mod menu;
pub(crate) mod own_program;
pub(crate) mod panels;
pub mod prompt;
pub(crate) mod question;
pub(crate) mod scroll;
pub(crate) mod stage;
pub mod update;
pub(crate) mod user_files;
