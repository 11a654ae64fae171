//! TEXT: text from outside becomes safe, measured cells.
//!
//! *In:* any text, a palette. *Out:* rows of known width, inks and signs. *Absent:* what the words say.
//! In order: sign, text, theme.

pub mod sign;
pub mod text;
pub mod theme;
