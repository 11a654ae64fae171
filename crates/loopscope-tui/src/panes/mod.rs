//! PANES: a scene becomes the cells of one pane, a file a pane.
//!
//! *In:* a scene and an area. *Out:* cells. *Absent:* where a pane stands.
//! In order: code, lanes, threads, pool, picture, asked, shared, printed, output, grid, states, found, held, stack, events, values, metrics, picture_parts, draw.

pub(crate) mod asked;
pub(crate) mod code;
pub(crate) mod draw;
pub(crate) mod events;
pub(crate) mod found;
pub(crate) mod grid;
pub(crate) mod held;
pub(crate) mod lanes;
pub(crate) mod metrics;
pub(crate) mod output;
pub(crate) mod picture;
pub(crate) mod picture_parts;
pub(crate) mod pool;
pub(crate) mod printed;
pub(crate) mod shared;
pub(crate) mod stack;
pub(crate) mod states;
pub(crate) mod threads;
pub(crate) mod values;
