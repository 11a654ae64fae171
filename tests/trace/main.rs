//! Recordings: what is written can be read, whatever it holds.

mod recording;
