//! 2b WATCH IT: what a tokio runtime does becomes events, in one order.
//!
//! *In:* tokio's hooks, the wakes of wrapped tasks, and the facts that a program tells through a
//! [`Recorder`]. *Out:* batches of events. *Invariant:* never blocks, never loses silently, and
//! hands on one order, whatever threads the facts came from. *Absent on purpose:* scenarios.

mod branch;
mod clocks;
pub mod collector;
pub mod console;
mod foreign;
pub mod hooks;
mod ids;
mod local;
pub mod merge;
pub mod metrics;
pub mod record;
mod recorder;
mod remote;
mod renumber;
pub mod ring;
mod spawn;
mod texts;
mod ticks;
mod traced;
mod translate;

pub use branch::{Boxed, Branch, Coroutine};
pub use collector::Collector;
pub use recorder::Recorder;
pub use remote::{Inbox, News};
pub use spawn::{Announcement, spawn};
pub use ticks::Ticks;
pub use traced::{TaskCell, Traced};
pub use translate::Tally;

use loopscope_trace::Detail;

/// How much this build can see: everything, or what the wrappers see.
pub const fn detail() -> Detail {
    if cfg!(tokio_unstable) {
        Detail::Full
    } else {
        Detail::Reduced
    }
}
