//! What is said of a timeline and a moment of it.
//!
//! *In:* a timeline, a world of it, a lane or an event. *Out:* sentences. *Absent:* colours and widths.
//!
//! In order: `asked` · `shared` · `unfinished` · `event` · `result` · `anchor` · `awaits` · `wake` ·
//! `holder` · `state` · `why` · `scene` · `circle` · `held` · `caption` · `console`.

pub(crate) mod anchor;
pub(crate) mod asked;
mod awaits;
pub(crate) mod caption;
mod circle;
pub mod console;
pub(crate) mod event;
mod held;
mod holder;
pub(crate) mod result;
mod scene;
mod shared;
pub(crate) mod state;
mod unfinished;
mod wake;
pub(crate) mod why;

pub use crate::words::names::{label, step_text};
pub use anchor::{anchor, stop};
pub use asked::{Cause, Why};
pub use caption::caption;
pub use event::{event, event_lane, event_name, event_parts};
pub use result::result;
pub use state::state;
pub use why::why;
