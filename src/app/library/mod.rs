//! The scenarios that are built in, and the user's own.
//!
//! *In:* an id, a number or a path. *Out:* the text of a scenario with its name. *Absent:* what the
//! text means. *Order:* ours, source, user, find.

pub(crate) mod find;
pub mod ours;
pub(crate) mod source;
pub(crate) mod user;
