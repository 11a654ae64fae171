//! TEXT: text from outside becomes safe, measured cells.
//!
//! *In:* any text, a palette. *Out:* rows of known width, inks and signs. *Absent:* what the words say.
//! In order: sign, text, python, theme, svg.

pub mod python;
pub mod sign;
pub(crate) mod svg;
pub mod text;
pub mod theme;
