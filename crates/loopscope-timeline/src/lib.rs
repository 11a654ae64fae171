//! 4 WHAT IT MEANS: a trace becomes everything that one can ask about it.
//!
//! *In:* a [`loopscope_trace::Story`] and [`loopscope_trace::Batch`]es, live or from a file.
//! *Out:* [`World`] (the state at a moment), tracks, insights, statistics, sentences.
//! *Invariant:* state is a fold: [`World::apply`] and [`World::advance`] are its only mutators,
//! so live = replay = seek. *Absent on purpose:* clocks, terminals, the engine.

mod ahead;
mod children;
pub mod console;
mod contention;
pub mod explain;
mod findings;
mod fold;
mod gil;
pub mod insight;
mod jobs;
mod keyframes;
mod lanes;
mod log;
mod loops;
mod meet;
pub mod metrics;
mod notes;
mod outlived;
mod point;
pub mod pools;
pub mod prediction;
mod pressure;
mod said;
pub mod shared;
mod sharing;
mod shelf;
pub mod spread;
pub mod stats;
mod stops;
mod stuck;
pub mod task_state;
mod threads;
#[expect(
    clippy::module_inception,
    reason = "the module's main type has its name"
)]
pub mod timeline;
pub mod track;
mod turns;
mod updates;
mod views;
pub mod world;

pub use gil::{GilSpan, GilTrack};
pub use insight::{Insight, InsightKind, Link, Want};
pub use lanes::YOU;
pub use notes::{Cue, When};
pub use point::{Made, Point};
pub use pools::{Beats, OtherPool, Pool};
pub use prediction::{Verdict, verdict};
pub use shared::{Channel, Gil, Lock, Process, Shared, Variable, Write};
pub use shelf::Shelf;
pub use spread::Spread;
pub use stats::{Hold, Peaks, Times};
pub use task_state::State;
pub use timeline::{Moment, Timeline};
pub use track::{Chunk, Lane, LaneId, LaneKind, OutputLine, Span, ThreadSpan, ThreadTrack};
pub use world::{Doing, Job, Request, Task, Thread, Wake, World};
