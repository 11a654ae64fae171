//! A timeline beside other runs, and beside what was predicted.
//!
//! *In:* timelines that have ended, and answers. *Out:* samples, spreads, verdicts. *Absent:*
//! starting those runs.
//!
//! In order: `load` · `spread` · `prediction`.

pub(crate) mod load;
pub mod prediction;
pub(crate) mod spread;
