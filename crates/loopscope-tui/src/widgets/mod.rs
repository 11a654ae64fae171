//! WIDGETS: parts that several panes and screens draw.
//!
//! *In:* a `scene::Scene`. *Out:* cells. *Invariant:* a widget writes only into its area, and text of a
//! scenario only through `text`. *Absent:* clocks, what keys do, state of their own.
//! In order: parts, footer, watched, stage_view, scene, source, strip, turns, thread_row, rows, touches, letters, bars.

pub(crate) mod bars;
pub mod footer;
pub mod letters;
pub(crate) mod parts;
pub(crate) mod rows;
pub(crate) mod scene;
pub(crate) mod source;
pub mod stage_view;
pub(crate) mod strip;
pub(crate) mod thread_row;
pub(crate) mod touches;
pub(crate) mod turns;
pub(crate) mod watched;
