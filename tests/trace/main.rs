//! Recordings: what is written can be read, whatever it holds.

mod answers;
mod recording;
