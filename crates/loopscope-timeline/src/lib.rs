//! What a trace means.

mod findings;
mod moments;
mod runs;
mod sentences;
mod tracks;
mod words;
mod world;

pub use findings::finding::{Finding, Kind, Link, Row, Want};
pub use findings::kinds::TABLE as FINDINGS;
pub use moments::notes::{Cue, When};
pub use moments::timeline::{Moment, Timeline};
pub use runs::prediction::{self, Verdict, verdict};
pub use runs::sample::{Made, Sample};
pub use runs::spread::Spread;
pub use sentences::console;
pub use tracks::accounts::{Hold, Peaks, Times};
pub use tracks::gil::{GilSpan, GilTrack};
pub use tracks::lanes::YOU;
pub use tracks::metrics;
pub use tracks::track::{Chunk, Lane, LaneId, LaneKind, OutputLine, Span, ThreadSpan, ThreadTrack};
pub use world::entries::{Doing, Job, Request, Task, Thread, Wake};
pub use world::pools::{Beats, OtherPool, Pool};
pub use world::shared::{Channel, Gil, Lock, Process, Shared, Variable, Write};
pub use world::state::State;
pub use world::vector::Vector;
pub use world::world::World;

/// Sentences about a timeline.
pub mod explain {
    pub use crate::sentences::anchor::anchor;
    pub use crate::sentences::caption::caption;
    pub use crate::sentences::event::{event, event_lane, event_name, event_parts};
    pub use crate::sentences::result::result;
    pub use crate::sentences::state::state;
    pub use crate::sentences::stop::stop;
    pub use crate::sentences::why::{Cause, Why, why};
    pub use crate::words::names::{label, step_text};
}
