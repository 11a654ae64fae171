//! The files that a process runs: what unwinds their frames, and which source line stands at an address.
//!
//! *In:* mappings, and the files that they show. *Out:* unwind tables, places. In order: object · lines · kind · modules.

pub(crate) mod kind;
pub(crate) mod lines;
pub(crate) mod modules;
pub(crate) mod object;
