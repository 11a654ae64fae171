#![doc = include_str!("README.md")]

pub use loopscope_lab::{engine, scenario};
pub use loopscope_probe as probe;
pub use loopscope_protocol as protocol;
pub use loopscope_timeline as timeline;
pub use loopscope_trace as trace;
pub use loopscope_tui as tui;

pub mod cli;
pub mod export;
pub mod library;
mod vocabulary;

pub use vocabulary::VOCABULARY;
