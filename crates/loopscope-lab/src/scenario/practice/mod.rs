//! Small scenarios, drawn from numbers: exercises by topic, and any at all for tests of both clocks.
//!
//! *In:* a topic and a number. *Out:* plain data, and the text of its program: as it is, or with one
//! thing changed. *Invariant:* the same number draws the same text. *Absent:* playing it, and so what
//! is right.
//!
//! In order: numbers · small · change · steps · update · write · topic · draw.

pub(crate) mod change;
pub(crate) mod draw;
pub(crate) mod numbers;
pub(crate) mod small;
pub(crate) mod steps;
pub(crate) mod topic;
pub(crate) mod update;
pub(crate) mod write;

pub use change::Change;
pub use numbers::Numbers;
pub use small::Small;
pub use topic::Topic;
