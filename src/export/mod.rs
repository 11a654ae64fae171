//! A run as a file: a timeline becomes a report, lines of text, or sentences.
//!
//! *In:* a [`Timeline`](loopscope_timeline::Timeline), or a spread of many runs. *Out:* values for
//! serde, and text; nothing is said that the trace does not prove. *Absent:* stdout, paths, colors.
//! *Order:* rows, report, answers, shared, build, text, spread, narrate.

mod answers;
pub(crate) mod build;
pub mod narrate;
pub mod report;
pub mod rows;
mod shared;
pub mod spread;
pub mod text;

pub use build::report;
pub use report::Report;
