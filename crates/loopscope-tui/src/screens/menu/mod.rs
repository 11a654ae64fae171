//! MENU: the list of scenarios.
//!
//! *In:* the model. *Out:* cells, and what lies under a click. *Invariant:* what is asked is shown, what the run
//! shows is not. *Absent:* keys. In order: places, draw.

pub(crate) mod draw;
pub(crate) mod places;
