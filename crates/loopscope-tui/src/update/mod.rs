//! UPDATE: from a message to a changed model and effects.
//!
//! *In:* one message. *Out:* effects. *Invariant:* no input or output, no clock: time comes as a length with a tick.
//! *Absent:* drawing.
//! In order: menu, prompt, votes, knobs, panels, console, question, stage, button, compare, user_files, keys, mouse, update.

pub mod button;
pub mod compare;
pub mod console;
pub mod keys;
pub mod knobs;
pub mod menu;
pub mod mouse;
pub mod panels;
pub mod prompt;
pub mod question;
pub mod stage;
pub mod update;
pub mod user_files;
pub mod votes;
