#![doc = include_str!("../README.md")]

pub(crate) mod change;
pub mod driver;
pub mod events;
pub mod keys;
pub mod layout;
pub mod model;
pub mod notes;
pub(crate) mod panes;
pub mod screens;
pub mod session;
pub mod settings;
pub mod terminal;
pub mod text;
pub mod update;
pub mod widgets;

pub use driver::open::{Outcome, open};
pub use settings::settings::{AutoStop, Exit, Settings, Start, ThemeChoice};
