//! The one table of everything that a scenario file may hold.
//!
//! *In:* nothing. *Out:* each key, the kind of its value, and a sentence. *Invariant:* reader,
//! "did you mean", JSON Schema and documentation are all read from it. *Absent on purpose:* what
//! the keys do.
//!
//! In order: row · steps · tables · json.

pub(crate) mod json;
pub(crate) mod row;
pub(crate) mod steps;
pub(crate) mod tables;

pub use json::{json, markdown};
pub use row::Vocabulary;
pub use steps::steps;
