//! What a finding is, and the log that detectors write into.
//!
//! *In:* what a detector has seen. *Out:* findings, as they stood at any moment. *Absent:* the detectors.
//!
//! In order: `finding` · `earlier` · `detector`.

pub(crate) mod detector;
pub(crate) mod earlier;
pub(crate) mod finding;
