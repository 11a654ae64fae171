//! STAGE: a run at one moment.
//!
//! *In:* the model. *Out:* cells; what lies under a cell. *Absent:* panes' own content.
//! In order: frame, watched, status, draw, stage_view.

pub mod draw;
pub(crate) mod frame;
pub mod stage_view;
pub(crate) mod status;
pub(crate) mod watched;
