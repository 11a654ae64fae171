//! The one table of everything that a scenario file may hold.
//!
//! *In:* nothing. *Out:* each key, the kind of its value, and a sentence. *Invariant:* reader,
//! "did you mean", JSON Schema and documentation are all read from it. *Absent on purpose:* what
//! the keys do.
//!
//! In order: limits · vocabulary · row · steps · tables · playlist · json · markdown.

pub(crate) mod json;
pub(crate) mod limits;
pub(crate) mod markdown;
pub(crate) mod playlist;
pub(crate) mod row;
pub(crate) mod steps;
pub(crate) mod tables;
pub(crate) mod vocabulary;

pub use json::json;
pub use markdown::markdown;
pub use steps::steps;
pub use vocabulary::Vocabulary;
