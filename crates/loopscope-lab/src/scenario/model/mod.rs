//! The scenario that is always right.
//!
//! *In:* nothing. *Out:* the types that the engine plays. *Invariant:* every name is resolved to an
//! id, every duration to nanoseconds or to an expression; nothing is left to fail while it runs.
//! *Absent on purpose:* how it is read, and running it.
//!
//! In order: expression · step · parts · scenario.

pub(crate) mod expression;
pub(crate) mod parts;
pub(crate) mod scenario;
pub(crate) mod step;

pub use expression::{Call, Expression, Length, Operator, Part, Text, Value};
pub use scenario::{Choices, FileName, Function, Scenario, Start};
pub use step::{Action, Arm, ArmFuture, FOREVER, Missed, Step, Work};
