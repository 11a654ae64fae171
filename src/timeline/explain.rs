//! Sentences: what is going on, from events alone.

mod caption;
mod event;
mod finding;
mod held;
mod result;
mod why;
mod words;

pub use caption::caption;
pub use event::{event, event_parts};
pub use finding::insight;
pub use result::result;
pub use why::state;
pub use words::{label, step_text};
