//! The timeline: a trace with all that follows from it.
//!
//! *In:* batches of a trace. *Out:* the world at any moment, the places to stop at, and everything
//! that one can ask. *Absent:* sentences, and other runs.
//!
//! In order: `moment` · `notes` · `timeline` · `seek` · `outputs` · `stops` · `extend` · `notes_at` · `views`.

pub(crate) mod notes;
pub(crate) mod notes_at;
pub(crate) mod outputs;
pub(crate) mod seek;
pub(crate) mod stops;
pub(crate) mod timeline;
pub(crate) mod views;
