//! The timeline: a trace with all that follows from it.
//!
//! *In:* batches of a trace. *Out:* the world at any moment, the places to stop at, and everything
//! that one can ask. *Absent:* sentences, and other runs.
//!
//! In order: `moment` · `before` · `timeline` · `mark` · `extend` · `stops` · `found` · `blocks` · `views`.

pub(crate) mod before;
mod blocks;
pub(crate) mod extend;
mod found;
mod mark;
pub(crate) mod moment;
mod stops;
pub(crate) mod timeline;
mod views;
