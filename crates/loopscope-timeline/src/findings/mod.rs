//! What the events prove.
//!
//! In order: `finding` · `log` · `turn` · `lost_update` · `deadlock` · `outlived` · `contention` · `pressure` · `all`.

pub(crate) mod all;
pub(crate) mod contention;
pub(crate) mod deadlock;
pub(crate) mod finding;
pub(crate) mod log;
pub(crate) mod lost_update;
pub(crate) mod outlived;
pub(crate) mod pressure;
pub(crate) mod turn;
