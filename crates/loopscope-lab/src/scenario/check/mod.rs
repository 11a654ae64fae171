//! What only the whole program shows.
//!
//! *In:* the program, and what the file says about its run. *Out:* expectations, notes, questions,
//! and a mistake for each of them that cannot hold. *Absent on purpose:* running it.
//!
//! In order: cost · known · requests · expect · dependencies · errors · constants · dropped · endless · whole · asked · order · questions.

pub(crate) mod asked;
pub(crate) mod constants;
pub(crate) mod cost;
pub(crate) mod dependencies;
pub(crate) mod dropped;
pub(crate) mod endless;
pub(crate) mod errors;
pub(crate) mod expect;
pub(crate) mod known;
pub(crate) mod order;
pub(crate) mod questions;
pub(crate) mod requests;
pub(crate) mod whole;
