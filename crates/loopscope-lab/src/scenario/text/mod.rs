//! The text of a file, and what is said about it.
//!
//! *In:* TOML text. *Out:* a tree in which every key and value knows its place; mistakes, drawn with
//! their lines. *Absent on purpose:* which keys a scenario has.
//!
//! In order: words · finder · tree.

pub(crate) mod finder;
pub(crate) mod tree;
pub(crate) mod words;

pub use finder::{Diagnostic, Problems};
pub use words::closest;
