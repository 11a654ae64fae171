//! QUESTION: what is asked before the run or after it.
//!
//! *In:* the model's question. *Out:* cells, and what lies under a click. *Absent:* keys.
//! In order: body, words, draw.

pub(crate) mod body;
pub(crate) mod draw;
pub(crate) mod words;
