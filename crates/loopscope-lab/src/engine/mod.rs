//! Plays a [`Scenario`](crate::scenario::Scenario) on a real tokio runtime that the probe watches.
//!
//! *In:* a scenario and a pace. *Out:* [`Batch`](loopscope_trace::Batch)es of events. A stopped run
//! leaves no thread behind after 50 ms. *Absent:* what the events mean, and how they are drawn.
//! *Order:* options · clock · children · state · steps · requests · run.

mod children;
mod clock;
mod options;
mod requests;
mod run;
mod state;
mod steps;

pub use self::children::child::COMMAND;
pub use self::clock::cpu::cpu_rate;
pub use self::options::{Extras, MEMORY, Options, Program, StartError, can_be_computed};
pub use self::run::child::serve;
pub use self::run::runtime::{Counters, Summary};
pub use self::run::start::{Run, start, start_with};
pub use loopscope_probe::detail;
