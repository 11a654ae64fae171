//! STAGE: a run at one moment.
//!
//! *In:* the model. *Out:* cells; what lies under a cell. *Absent:* panes' own content.
//! In order: frame, minimap, status, captions, arrange, draw, stage_view, hit.

pub(crate) mod arrange;
pub(crate) mod captions;
pub mod draw;
pub(crate) mod frame;
pub mod hit;
pub(crate) mod minimap;
pub(crate) mod stage_view;
pub(crate) mod status;
