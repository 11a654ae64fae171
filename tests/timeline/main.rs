//! What a trace means: states, findings, sentences, answers.

#[path = "../common/mod.rs"]
mod common;

mod captions;
mod held;
mod insights;
mod laws;
mod moments;
mod narrate;
mod parts;
mod prediction;
mod timeline;
mod truth;
mod values;
mod window;
