//! A child process, from its own side.
//!
//! *In:* frames of the parent. *Out:* frames with what was recorded and done. *Absent:* how it was started.
//! *Order:* copy · pooled.

pub(crate) mod copy;
pub(crate) mod pooled;
