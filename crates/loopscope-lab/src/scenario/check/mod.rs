//! What only the whole program shows.
//!
//! *In:* the program, and what the file says about its run. *Out:* expectations, notes, questions,
//! and a mistake for each of them that cannot hold. *Absent on purpose:* running it.
//!
//! In order: cost · known · notes · expect · whole · asked · number · order · questions.

pub(crate) mod asked;
pub(crate) mod cost;
pub(crate) mod expect;
pub(crate) mod known;
pub(crate) mod notes;
pub(crate) mod number;
pub(crate) mod order;
pub(crate) mod questions;
pub(crate) mod whole;
