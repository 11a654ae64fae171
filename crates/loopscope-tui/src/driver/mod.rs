//! DRIVER: the loop between terminal, model and application, on a plain thread.
//!
//! *In:* messages. *Out:* frames and requests. *Invariant:* it sleeps while nothing moves. *Absent:* crossterm.
//! In order: typed, drive, open.

pub mod drive;
pub mod open;
pub(crate) mod typed;
