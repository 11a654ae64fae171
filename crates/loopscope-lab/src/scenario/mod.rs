//! What to run: a scenario file becomes a [`Scenario`].
//!
//! *In:* the TOML text of a scenario, and the knobs' values. *Out:* a [`Scenario`], or every
//! mistake of the file at once. *Invariant:* a `Scenario` is always right: every name resolves,
//! every duration is whole, nothing is left to fail while it runs. *Absent on purpose:* running it.
//!
//! In order: text · model · schema · decode · resolve · check · listing · python · rust · export ·
//! files · practice.

pub(crate) mod check;
pub(crate) mod decode;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod listing;
pub(crate) mod model;
pub mod practice;
pub(crate) mod python;
pub(crate) mod resolve;
pub(crate) mod rust;
pub mod schema;
pub(crate) mod text;

pub use export::{BEGINS, export, export_to_watch};
pub use files::{flat, load, load_bytes, playlist};
pub use listing::COLUMNS;
pub use model::{
    Action, Arm, ArmFuture, Call, Choices, Expression, FOREVER, FileName, Function, Length, Missed,
    Operator, Part, Scenario, Start, Step, Text, Value, Work,
};
pub use schema::Vocabulary;
pub use text::{Diagnostic, Problems, closest};
