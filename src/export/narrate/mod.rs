//! A run told to people: one sentence a line, spoken at the moment at which it becomes true.
//!
//! *In:* a [`Timeline`](loopscope_timeline::Timeline) that grows. *Out:* sentences, each with its
//! moment in front; each follows from the trace alone, and what was said is never changed.
//! *Absent:* turns, wakes and beats (the event lines of [`super::text`] have what pictures need),
//! and a clock: a silence is measured in the trace's own time. *Order:* say, crowd, narrator.

mod crowd;
pub(crate) mod narrator;
mod say;

pub use narrator::Narrator;
