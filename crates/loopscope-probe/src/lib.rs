#![doc = include_str!("../README.md")]
#![warn(unreachable_pub)]

mod clock;
pub mod collect;
pub mod console;
#[cfg(feature = "metrics")]
pub mod metrics;
pub mod record;
mod watch;

pub use clock::VirtualTime;
pub use collect::collector::Collector;
pub use collect::remote::{Inbox, Report};
pub use collect::translate::Tally;
pub use record::current::{Announcement, set_thread_role};
pub use record::recorder::Recorder;
pub use watch::branch::{Boxed, Branch, Coroutine};
pub use watch::cell::TaskCell;
pub use watch::hooks::{Turns, detail, watch, watch_with};
pub use watch::job::spawn_blocking;
pub use watch::spawn::{spawn, spawn_here};
