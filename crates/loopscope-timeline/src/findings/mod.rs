//! What the events prove.
//!
//! *In:* each event with the world and the lanes after it, and time. *Out:* findings, each with
//! its length, its victims and its sentence. *Absent:* advice, and whether a finding was wanted.
//!
//! In order: `finding` · `log` · `detector` · `kinds` (the table, and a file a kind) · `all`.

pub(crate) mod all;
pub(crate) mod detector;
pub(crate) mod finding;
pub(crate) mod kinds;
pub(crate) mod log;
