//! KEYS: from a key to an action, by one table.
//!
//! *In:* a key and where it goes. *Out:* an [`action::Action`]. *Absent:* what an action does.
//! In order: key, action.

pub mod action;
pub mod key;
