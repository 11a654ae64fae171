//! WIDGETS: parts that several panes draw.
//!
//! *In:* a `scene::Scene`. *Out:* cells. *Invariant:* a widget writes only into its area, and text of a
//! scenario only through `text`. *Absent:* clocks, keys, state of their own.
//! In order: stage_view, scene, strip, thread_row, rows, figures, letters, bars.

pub(crate) mod bars;
pub mod figures;
pub mod letters;
pub(crate) mod rows;
pub mod scene;
pub mod stage_view;
pub mod strip;
pub(crate) mod thread_row;
