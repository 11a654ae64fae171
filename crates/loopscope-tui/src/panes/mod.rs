//! PANES: a scene becomes the cells of one pane, a file a pane.
//!
//! *In:* a scene and an area. *Out:* cells. *Absent:* where a pane stands.
//! In order: code, lanes, gil, threads, pool, picture, picture_roomy, picture_loops, asked, crowd, shared, output,
//! grid, found, metrics, why, draw.

pub mod asked;
pub mod code;
pub mod crowd;
pub mod draw;
pub mod found;
pub mod gil;
pub mod grid;
pub mod lanes;
pub mod metrics;
pub mod output;
pub mod picture;
pub mod picture_loops;
pub mod picture_roomy;
pub mod pool;
pub mod shared;
pub mod threads;
pub mod why;
