//! Collecting: the rings of all threads, and what other processes recorded, become one trace.
//!
//! *In:* rings; batches of child processes. *Out:* batches of events in one order, with dense ids.
//! *Invariant:* nothing is handed on before everything earlier is there, and what was lost is told.
//! *Absent on purpose:* meaning. *Order:* `merge` · `id_map` · `process` · `remote` · `renumber` ·
//! `translate` · `collector`.

pub(crate) mod collector;
pub(crate) mod id_map;
pub(crate) mod merge;
pub(crate) mod process;
pub(crate) mod remote;
pub(crate) mod renumber;
pub(crate) mod translate;

pub use merge::{Merge, Placed};
