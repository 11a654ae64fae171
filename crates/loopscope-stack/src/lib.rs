#![doc = include_str!("../README.md")]
#![warn(unreachable_pub)]

mod arch;
mod image;
pub mod meaning;
pub mod proc;
mod process;
mod walk;

pub use image::kind::{holds, is_tokio};
pub use meaning::ticks::{Snapshot, Ticks};
pub use meaning::work::{Doing, Frame, Role, Work};
pub use proc::rights::StackError;
pub use process::{Look, Process};
