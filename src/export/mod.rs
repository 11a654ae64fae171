//! A run as a file: a timeline becomes a report, lines of text, or sentences.
//!
//! *In:* a [`Timeline`](loopscope_timeline::Timeline), or a spread of many runs. *Out:* values for
//! serde, and text; nothing is said that the trace does not prove. *Absent:* stdout, paths, colors.
//! *Order:* rows, report, parts, build, text, spread, narrate, watched.

pub(crate) mod build;
pub mod narrate;
mod parts;
pub mod report;
pub mod rows;
pub mod spread;
pub mod text;
pub(crate) mod watched;

pub use build::report;
pub use report::Report;
