//! STAGE: a run at one moment.
//!
//! *In:* the model. *Out:* cells; what lies under a cell. *Absent:* panes' own content.
//! In order: frame, minimap, status, captions, arrange, draw, stage_view, hit.

pub mod arrange;
pub mod captions;
pub mod draw;
pub mod frame;
pub mod hit;
pub mod minimap;
pub mod stage_view;
pub mod status;
