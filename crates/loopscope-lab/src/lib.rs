//! Plays scenarios: `scenario` reads what to run, `engine` plays it.

pub mod engine;
pub mod scenario;
