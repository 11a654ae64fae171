//! Lanes: what a thread does becomes records of two words in a ring that only this thread writes.
//!
//! *In:* polls, wakes, spawns, jobs, sleeps, as they happen. *Out:* records in the order of the thread, and what it is in
//! the middle of. *Invariant:* a record never waits and, but for the first of a stretch of the ring, never allocates; what
//! finds no room is counted. *Absent on purpose:* any order between threads.
//! *Order:* `atomic` · `word` · `lane` · `writer` · `lanes`.

pub(crate) mod atomic;
pub(crate) mod lane;
pub(crate) mod lanes;
pub(crate) mod word;
pub(crate) mod writer;

pub use lane::{Lane, Open};
pub use word::{Tag, Word, flag};
pub use writer::Writer;
