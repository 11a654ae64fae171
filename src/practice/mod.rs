//! Exercises: small scenarios drawn from a number, with a question of which the run is the judge.
//!
//! *In:* a topic and a number. *Out:* the text of an ordinary scenario file. *Invariant:* the same number
//! gives the same text; nothing undecided orders its lines; its right answer is what its own run gave,
//! its wrong ones are what other runs gave. *Absent:* a screen.
//!
//! In order: play · options · exercise.

pub(crate) mod exercise;
pub(crate) mod options;
pub(crate) mod play;
