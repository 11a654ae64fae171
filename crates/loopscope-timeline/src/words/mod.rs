//! What people call things.
//!
//! *In:* ids. *Out:* names, places in the listing, counts and lengths as words. *Absent:* whole
//! sentences, and the timeline: a trace, its lanes and its world are enough.
//!
//! In order: `figures` · `names`.

pub(crate) mod figures;
pub(crate) mod names;
