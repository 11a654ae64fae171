//! What is known before and beside the events, as plain data.
//!
//! *In:* a scenario, or the header of a recording; another producer may leave parts empty. *Out:*
//! [`Story`](crate::Story), and the [`Answers`](crate::Answers) to its questions. *Absent:* how a
//! scenario is read, and whether an answer is right. *Order:* runtime, code, late, note, question,
//! expect, story.

pub(crate) mod code;
pub(crate) mod expect;
pub(crate) mod late;
pub(crate) mod note;
pub(crate) mod question;
pub(crate) mod runtime;
pub(crate) mod story;
