//! WIDGETS: parts that several panes draw.
//!
//! *In:* a [`scene::Scene`]. *Out:* cells. *Invariant:* a widget writes only into its area, and text of a
//! scenario only through `text`. *Absent:* clocks, keys, state of their own.
//! In order: stage_view, lane_order, scene, strip, lane_parts, thread_row, rows, figures, letters, bars, prompt.

pub(crate) mod bars;
pub mod figures;
pub mod lane_order;
pub(crate) mod lane_parts;
pub mod letters;
pub(crate) mod prompt;
pub(crate) mod rows;
pub mod scene;
pub mod stage_view;
pub mod strip;
pub(crate) mod thread_row;
