//! What is said of a timeline and a moment of it.
//!
//! *In:* a timeline, a world of it, a lane or an event. *Out:* sentences. *Absent:* colours and widths.
//!
//! In order: `asked` · `shared` · `unfinished` · `event` · `result` · `anchor` · `wake` · `state` · `values` · `why` ·
//! `remedy` · `claim` · `scene` · `kept` · `going` · `holds` · `clause` · `caption`.

pub(crate) mod anchor;
pub(crate) mod asked;
pub(crate) mod caption;
pub(crate) mod claim;
mod clause;
pub(crate) mod event;
mod going;
mod holds;
mod kept;
pub(crate) mod remedy;
pub(crate) mod result;
mod scene;
mod shared;
pub(crate) mod state;
mod unfinished;
mod values;
mod wake;
pub(crate) mod why;

pub use crate::counts::{capitalized, number_of};
pub use crate::words::{label, line, step_text};
pub use anchor::{anchor, stop};
pub use asked::{Cause, Why};
pub use caption::{caption, caption_in, claims, stepped};
pub use claim::{Claim, Does};
pub use event::{event, event_lane, event_name, event_parts};
pub use remedy::{Remedy, remedy};
pub use result::{refused, result};
pub use state::{console, state};
pub use unfinished::unfinished;
pub use values::{InHand, has_values, in_hand};
pub use why::why;
