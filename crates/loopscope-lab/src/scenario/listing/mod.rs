//! What the listings in all languages share.
//!
//! *In:* the functions and what they share. *Out:* pages of lines, which are broken and cut here, written by
//! one walk over the steps that asks a language for its words.
//! *Invariant:* no line of a listing is wider than [`COLUMNS`]. *Absent on purpose:* the words of a
//! language.
//!
//! In order: tokens · page · quoted · types · program · language · walk.

pub(crate) mod language;
pub(crate) mod page;
pub(crate) mod program;
pub(crate) mod quoted;
pub(crate) mod tokens;
pub(crate) mod types;
pub(crate) mod walk;

pub use page::COLUMNS;
