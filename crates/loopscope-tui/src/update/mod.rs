//! UPDATE: from a message to a changed model and effects.
//!
//! *In:* one message. *Out:* effects. *Invariant:* no input or output, no clock: time comes as a length with a tick.
//! *Absent:* drawing.
//! In order: menu, prompt, panels, question, stage, compare, user_files, keys, update.

pub mod compare;
pub mod keys;
pub mod menu;
pub mod panels;
pub mod prompt;
pub mod question;
pub mod stage;
pub mod update;
pub mod user_files;
