//! Records become functions in which every name resolves.
//!
//! *In:* records. *Out:* the functions, what they share, who calls them. *Invariant:* every step may
//! stand where it stands. *Absent on purpose:* what only the whole program shows.
//!
//! In order: tables · names · program · bodies · scope · tasks · calls · shared · blocks · leaving · select · server · functions.

pub(crate) mod blocks;
pub(crate) mod bodies;
pub(crate) mod calls;
pub(crate) mod functions;
pub(crate) mod leaving;
pub(crate) mod names;
pub(crate) mod program;
pub(crate) mod scope;
pub(crate) mod select;
pub(crate) mod server;
pub(crate) mod shared;
pub(crate) mod tables;
pub(crate) mod tasks;
