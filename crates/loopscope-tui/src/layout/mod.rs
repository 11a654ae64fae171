//! LAYOUT: a size and needs become rectangles; a time becomes a cell and back.
//!
//! *In:* columns, rows, what is shown. *Out:* a `plan::Plan`, an [`axis::Axis`]. *Absent:* drawing.
//! In order: plan, arrange, round, axis.

pub(crate) mod arrange;
pub mod axis;
pub mod plan;
pub(crate) mod round;
