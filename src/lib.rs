#![doc = include_str!("README.md")]

pub use loopscope_lab::{engine, scenario};
pub use loopscope_probe as probe;
pub use loopscope_protocol as protocol;
pub use loopscope_timeline as timeline;
pub use loopscope_trace as trace;
pub use loopscope_tui as tui;
pub use loopscope_watch as watch;

mod app;
pub mod cli;
pub mod export;
mod output;
mod plain;
mod practice;
mod vocabulary;

pub use app::library::ours as library;

pub use vocabulary::VOCABULARY;
