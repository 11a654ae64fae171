//! tokio-console: lets it attach to the runtimes that this process builds. Feature `console`;
//! without it only [`hide`] and [`is_on`] are here, and do nothing.
//!
//! *In:* an address. *Out:* where it listens, and how many are attached.
//! *Invariant:* nothing is installed before it is asked for, nothing is ever printed, and it is
//! served by a thread and a runtime of its own, so that it answers while a watched loop is blocked.
//! *Absent on purpose:* a way to close it; tracing's default is for the life of a process.
//! *Order:* `shared` · `connection` · `hidden` · `server` · `listener`.

#[cfg(all(tokio_unstable, feature = "console"))]
mod connection;
pub(crate) mod hidden;
#[cfg(feature = "console")]
mod listener;
#[cfg(all(tokio_unstable, feature = "console"))]
mod server;
#[cfg(feature = "console")]
mod shared;

pub use hidden::{Hidden, hide, is_on};
#[cfg(feature = "console")]
pub use listener::{Console, DEFAULT};
#[cfg(feature = "console")]
pub use shared::ConsoleError;
