//! The Rust listing, in tokio's words.
//!
//! *In:* the program. *Out:* its page. *Invariant:* every step is marked once. *Absent on purpose:*
//! imports, clients and clocks, which an export adds.
//!
//! In order: words · blocks · calls · shared · select · steps · functions.

pub(crate) mod blocks;
pub(crate) mod calls;
pub(crate) mod functions;
pub(crate) mod select;
pub(crate) mod shared;
pub(crate) mod steps;
pub(crate) mod words;
