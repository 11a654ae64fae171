//! A scenario as a program of its own: the listing, and the few lines around it that make it run.
//!
//! *In:* a scenario. *Out:* the text of one file, which prints what the screen prints, with the
//! moments. *Invariant:* at speed 1 the listing stands in it as it stands on the screen.
//! *Absent on purpose:* running it.
//!
//! In order: listing · clients · python · rust · program.

pub(crate) mod clients;
pub(crate) mod listing;
pub(crate) mod program;
pub(crate) mod python;
pub(crate) mod rust;

pub use program::{BEGINS, export, export_to_watch};
