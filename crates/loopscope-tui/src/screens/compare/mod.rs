//! COMPARE: two runs on one clock.
//!
//! *In:* the model's comparison. *Out:* cells. *Invariant:* both sides are drawn by the stage's own widgets, at the
//! same moment and on the same page of time. *Absent:* clocks.
//! In order: bands, text_bands, totals, draw.

pub(crate) mod bands;
pub(crate) mod draw;
pub mod text_bands;
pub(crate) mod totals;
