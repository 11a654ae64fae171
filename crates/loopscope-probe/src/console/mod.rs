//! tokio-console: lets it attach to the runtimes that this process builds. Feature `console`;
//! without it only [`hide`],
//! [`is_on`] and [`placed`] are here, and do nothing.
//!
//! *In:* an address. *Out:* where it listens, and how many are attached.
//! *Invariant:* nothing is installed before it is asked for, nothing is ever printed, and it is
//! served by a thread and a runtime of its own, so that it answers while a watched loop is blocked.
//! *Absent on purpose:* a way to close it; tracing's default is for the life of a process.
//! *Order:* `shared` · `spawns` · `layer` · `server` · `listener`.

#[cfg(all(tokio_unstable, feature = "console"))]
mod layer;
#[cfg(feature = "console")]
mod listener;
#[cfg(all(tokio_unstable, feature = "console"))]
mod server;
#[cfg(feature = "console")]
mod shared;
pub(crate) mod spawns;

#[cfg(feature = "console")]
pub use listener::{Console, DEFAULT};
#[cfg(feature = "console")]
pub use shared::ConsoleError;
pub use spawns::{Hidden, Place, Placed, hide, is_on, placed};
