//! The whole path as lines: menu, question, run, reply, for a dumb terminal or a screen reader.
//!
//! *In:* lines from stdin. *Out:* lines on stdout, a line that ends in `> ` where one is wanted.
//! What is printed stays as it is: nothing is redrawn, and no line has a control character.
//! *Absent:* what a run is (the same entrance as the screen's answers).
//! *Order:* state, list, about, question, reveal, dialogue, typed, input, talk.

pub(crate) mod about;
pub(crate) mod dialogue;
pub(crate) mod input;
pub(crate) mod list;
pub(crate) mod question;
pub(crate) mod reveal;
pub(crate) mod state;
pub(crate) mod talk;
pub(crate) mod typed;
