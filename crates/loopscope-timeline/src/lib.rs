#![doc = include_str!("../README.md")]
#![warn(unreachable_pub)]

mod findings;
mod moments;
mod runs;
pub mod sentences;
mod tracks;
mod words;
mod world;

pub use findings::TABLE as FINDINGS;
pub use findings::finding::{Finding, Kind, Link, Row, Want};
pub use moments::moment::Moment;
pub use moments::notes::{Cue, When};
pub use moments::timeline::Timeline;
pub use runs::prediction::{self, Verdict, verdict};
pub use runs::sample::{Made, Sample};
pub use runs::spread::Spread;
pub use sentences as explain;
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
pub use world::vector::{Entries, Vector};
pub use world::world::World;
