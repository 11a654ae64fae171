//! A trace as a file of JSON lines: a header with the story, then texts, events, what people
//! said, and how far the trace is complete. `docs/recording.md` describes it for other producers.
//!
//! *In:* a [`Trace`] or [`super::Batch`]es, or any bytes that claim to be a recording. *Out:* lines,
//! or a [`Trace`] that keeps the law of this layer. *Invariant:* what is written can be read, what
//! cannot be trusted is an error with its line, and memory stays within [`limits`] whatever the
//! bytes are. *Absent on purpose:* paths and clocks.

mod check;
mod header;
pub mod limits;
mod line;
mod read;
mod said;
mod write;

pub use read::read;
pub use write::{Writer, answers_line, write};

use super::Trace;

/// The version of the format; a reader accepts its own version only.
pub const VERSION: u64 = 1;

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The trace.
    pub trace: Trace,
    /// Why the end is missing, in one sentence, where the recording was cut off.
    pub cut: Option<String>,
}

/// Why bytes are not a recording.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A line is not what it should be.
    #[error("line {line}: {what}; {cure}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What is wrong.
        what: String,
        /// What to do about it.
        cure: String,
    },
    /// The bytes could not be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
}
