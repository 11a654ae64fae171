#![doc = include_str!("../README.md")]
#![warn(unreachable_pub)]

mod clock;
pub mod collect;
pub mod console;
#[cfg(feature = "install")]
mod install;
#[cfg(feature = "install")]
pub mod lane;
#[cfg(feature = "metrics")]
pub mod metrics;
pub mod record;
#[cfg(feature = "install")]
mod stream;
mod watch;

pub use clock::VirtualTime;
pub use collect::collector::Collector;
pub use collect::remote::{Inbox, Report};
pub use collect::translate::Tally;
#[cfg(feature = "install")]
pub use install::install::{install, install_with};
#[cfg(feature = "tower")]
pub use install::requests::{Answer, RequestLayer, RequestService, layer};
#[cfg(feature = "install")]
pub use install::threads::watch_threads;
pub use record::current::{Announcement, set_thread_role};
pub use record::recorder::Recorder;
pub use watch::branch::{Boxed, Branch, Coroutine};
pub use watch::cell::TaskCell;
pub use watch::hooks::{Turns, detail, watch, watch_with};
pub use watch::job::spawn_blocking;
pub use watch::spawn::{spawn, spawn_here};
