//! KEYS: from a key to an action, by one table.
//!
//! *In:* a key and where it goes. *Out:* an [`action::Action`]. *Absent:* what an action does.
//! In order: key, action, watched.

pub mod action;
pub mod key;
pub(crate) mod watched;
