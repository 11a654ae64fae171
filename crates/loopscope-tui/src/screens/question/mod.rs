//! QUESTION: what is asked before the run or after it.
//!
//! *In:* the model's question. *Out:* cells, and what lies under a click. *Absent:* keys.
//! In order: happens, body, words, draw.

pub mod body;
pub mod draw;
pub mod happens;
pub mod words;
