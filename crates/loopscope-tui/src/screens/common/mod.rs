//! COMMON: what several screens share.
//!
//! *In:* words. *Out:* the first row, rules, the last row. *Absent:* the model. In order: parts, footer.

pub mod footer;
pub(crate) mod parts;
