//! Sentences: what is going on, from events alone.

mod anchor;
mod awaits;
mod barred;
mod caption;
mod cause;
mod circle;
mod event;
mod finding;
mod held;
mod left;
mod outcome;
mod proved;
mod result;
mod shared;
mod stop;
mod wake;
mod why;
mod words;

pub use anchor::anchor;
pub use caption::caption;
pub use cause::{Cause, Why, why};
pub use event::{event, event_lane, event_name, event_parts};
pub use finding::insight;
pub use result::result;
pub use stop::stop;
pub use why::state;
pub use words::{label, step_text};
