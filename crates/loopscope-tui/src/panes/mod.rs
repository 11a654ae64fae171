//! PANES: a scene becomes the cells of one pane, a file a pane.
//!
//! *In:* a scene and an area. *Out:* cells. *Absent:* where a pane stands.
//! In order: code, lanes, gil, threads, pool, picture, picture_roomy, picture_loops, asked, crowd, shared, output,
//! grid, found, metrics, why, draw.

pub(crate) mod asked;
pub(crate) mod code;
pub(crate) mod crowd;
pub(crate) mod draw;
pub(crate) mod found;
pub(crate) mod gil;
pub(crate) mod grid;
pub(crate) mod lanes;
pub(crate) mod metrics;
pub(crate) mod output;
pub(crate) mod picture;
pub(crate) mod picture_loops;
pub(crate) mod picture_roomy;
pub(crate) mod pool;
pub(crate) mod shared;
pub(crate) mod threads;
pub(crate) mod why;
