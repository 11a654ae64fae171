//! 5a AS A FILE: a timeline becomes a report, text, or a picture.
//!
//! *In:* a [`loopscope_timeline::Timeline`]. *Out:* bytes for whoever asked.
//! *Invariant:* nothing is said that the trace does not prove. *Absent on purpose:* stdout, paths.

mod answers;
mod build;
pub mod narrate;
pub mod report;
mod shared;
pub mod spread;
pub mod text;

pub use build::report;
pub use report::Report;
