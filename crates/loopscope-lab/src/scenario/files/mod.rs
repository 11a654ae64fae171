//! From the text of a file to what is in force.
//!
//! *In:* a text and what is chosen for its run. *Out:* a scenario, a playlist or plain settings, or
//! every mistake of the file at once. *Absent on purpose:* reading from a disk.
//!
//! In order: scenario · playlist · flat.

pub mod flat;
pub mod playlist;
pub(crate) mod scenario;

pub use scenario::{load, load_bytes};
