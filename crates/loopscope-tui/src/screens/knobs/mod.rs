//! KNOBS: the panel over the lower part of what is open.
//!
//! *In:* the session's knobs, what other runs came to. *Out:* cells. *Absent:* keys. In order: plot, draw.

pub(crate) mod draw;
pub(crate) mod plot;
