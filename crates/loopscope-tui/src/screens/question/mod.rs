//! QUESTION: what is asked before the run or after it.
//!
//! *In:* the model's question. *Out:* cells, and what lies under a click. *Absent:* keys.
//! In order: body, code, words, draw.

pub(crate) mod body;
pub(crate) mod code;
pub(crate) mod draw;
pub(crate) mod words;
