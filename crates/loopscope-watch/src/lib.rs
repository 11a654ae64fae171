#![doc = include_str!("../README.md")]
#![warn(unreachable_pub)]

mod blocks;
mod going;
mod listen;
mod merge;
mod native;
pub mod outside;
mod recorded;
mod ring;
mod source;
mod start;
mod stream;
mod teller;
mod translate;
mod watch;

pub use loopscope_stack::meaning::owner::crate_of;

pub use listen::{Listener, now, story};
pub use native::side::command;
pub use recorded::read;
pub use start::options::{Join, Options, WatchError};
pub use start::program::Exit;
pub use stream::socket::Address;
pub use watch::Watch;
