//! COMPARE: two runs on one clock.
//!
//! *In:* the model's comparison. *Out:* cells. *Invariant:* both sides are drawn by the stage's own widgets, at the
//! same moment and on the same page of time. *Absent:* clocks.
//! In order: bands, pair, differs, text_bands, totals, caption, draw.

pub mod bands;
pub mod caption;
pub mod differs;
pub mod draw;
pub mod pair;
pub mod text_bands;
pub mod totals;
