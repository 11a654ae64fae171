#![doc = include_str!("../README.md")]
#![warn(unreachable_pub)]

mod counts;
mod findings;
mod moments;
mod runs;
pub mod sentences;
mod tracks;
mod words;
mod world;

pub use findings::TABLE as FINDINGS;
pub use findings::log::earlier::Earlier;
pub use findings::log::finding::{Finding, Kind, Link, Reason, Row};
pub use moments::moment::{Cue, Moment, When};
pub use moments::timeline::Timeline;
pub use runs::load::{Busy, busy};
pub use runs::prediction::{self, Verdict, verdict};
pub use runs::spread::{Sample, Spread, Timing};
pub use sentences as explain;
pub use tracks::accounts::{Hold, Peaks, Times};
pub use tracks::alive::Candidates;
pub use tracks::block::{Block, Holder};
pub use tracks::census;
pub use tracks::lag::Lag;
pub use tracks::lanes::YOU;
pub use tracks::metrics;
pub use tracks::threads::{GilSpan, GilTrack, ThreadSpan, ThreadTrack};
pub use tracks::track::{Chunk, Lane, LaneId, LaneKind, Letter, OutputLine, Span, Touch};
pub use tracks::waited::Victims;
pub use world::entries::{Beats, Doing, Job, Request, Task, Thread, Wake};
pub use world::later::{JobLater, RequestLater, TaskLater};
pub use world::shared::{Channel, Gil, Lock, OtherPool, Pool, Process, Shared, Variable, Write};
pub use world::state::State;
pub use world::values::{LocalValue, Touched, Values};
pub use world::vector::{Entries, Vector};
pub use world::world::World;
