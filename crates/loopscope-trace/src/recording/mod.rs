//! A trace as a file of JSON lines: a header with the story, then texts, events, answers, and how
//! far the trace is complete. `docs/recording.md` describes it for other producers.
//!
//! *In:* a [`Trace`](crate::Trace) or [`Batch`](crate::Batch)es, or any bytes that claim to be a
//! recording. *Out:* lines, or a `Trace` whose order and ids have been checked. What is written can
//! be read, what cannot be trusted is an error with its line, and memory stays within [`limits`].
//! *Absent:* paths, clocks, compression. *Order:* limits, check, said, header, read, write.

mod check;
mod header;
pub mod limits;
mod read;
mod said;
mod write;

pub use check::ReadError;
pub use limits::VERSION;
pub use read::{Reading, read};
pub use write::{Writer, answers_line, write};
