//! 1 WHAT TO RUN: a scenario file becomes a [`Scenario`].
//!
//! *In:* the TOML text of a scenario, and the knobs' values. *Out:* a [`Scenario`], or every
//! mistake of the file at once. *Invariant:* a `Scenario` is always right: every name resolves,
//! every duration is whole, nothing is left to fail while it runs. *Absent on purpose:* running it.

mod anchor;
mod body;
mod brackets;
mod build;
mod calls;
mod cost;
mod decode;
pub mod diagnostic;
mod expect;
mod expression;
mod figure;
pub mod flat;
mod inner;
mod keys;
mod knob;
mod listing;
mod lists;
mod names;
mod pace;
mod parse;
mod place;
pub mod playlist;
mod program;
mod questions;
mod raw;
mod record;
mod render;
mod said;
pub mod schema;
mod scope;
mod sense;
mod shape;
mod spelling;
mod step;
mod tasks;
mod template;
mod value;
mod within;
mod words;
mod written;

pub use build::{load, load_bytes};
pub use diagnostic::{Diagnostic, Problems};
pub use expression::{Expression, Operator, Part, Text, Value};
pub use listing::{COLUMNS, export};
pub use step::{Action, Call, FOREVER, Length, Step, Work};
pub use words::closest;

use std::path::Path;

use loopscope_trace::{Clock, FunctionId, LoopId, Nanos, Story};

/// A scenario that is ready to be played.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// All that screens and exports need to know of it.
    pub story: Story,
    /// The functions, in file order; the place is the [`FunctionId`].
    pub functions: Vec<Function>,
    /// Programs that are no server.
    pub starts: Vec<Start>,
}

impl Scenario {
    /// Whether any step of any function, however deep it stands, is such a one.
    pub fn has_step(&self, wanted: impl Fn(&Action) -> bool) -> bool {
        let mut functions = self.functions.iter();
        functions.any(|function| within::any(&function.body, &wanted))
    }
}

/// A function and what it does.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its place among the functions.
    pub id: FunctionId,
    /// Its name.
    pub name: String,
    /// Where clients reach it.
    pub route: Option<String>,
    /// Runs on the loop; a plain one is dispatched to the pool, as FastAPI does with `def`.
    pub is_async: bool,
    /// The names of its parameters.
    pub params: Vec<String>,
    /// What FastAPI runs before it, for its sake: async on the loop, plain on the pool.
    pub depends: Vec<Call>,
    /// The loop that it runs on; the first one unless told.
    pub on: Option<LoopId>,
    /// Its steps in order.
    pub body: Vec<Step>,
}

/// A task that is put on the loop at a moment.
#[derive(Clone, Debug)]
pub struct Start {
    /// What it runs.
    pub call: Call,
    /// When.
    pub at: Nanos,
    /// The loop; the first one unless told.
    pub on: Option<LoopId>,
}

/// Where a scenario comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileName {
    /// The stem without its number: `blocking-sleep`.
    pub id: String,
    /// The number in front: `02`; may be empty.
    pub number: String,
    /// The folder's title: `the loop`; empty outside our own folders.
    pub folder: String,
    /// The path as diagnostics show it.
    pub path: String,
}

/// What the person who runs it decides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Values of knobs; the others keep their defaults.
    pub knobs: Vec<(String, i64)>,
    /// Scenario seconds in a wall second; the file's own pace unless told.
    pub speed: Option<f64>,
    /// How time passes.
    pub clock: Clock,
    /// Seeds tokio's own random choices.
    pub seed: u64,
}

impl FileName {
    /// The name of a person's own file: `my/02-blocking-sleep.toml` has the id `blocking-sleep`.
    pub fn from_path(path: &Path) -> Self {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let digits = stem.len() - stem.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, id) = match stem[digits..].strip_prefix('-') {
            Some(id) if digits > 0 && !id.is_empty() => (&stem[..digits], id),
            _ => ("", &*stem),
        };
        Self {
            id: id.to_owned(),
            number: number.to_owned(),
            folder: String::new(),
            path: path.display().to_string(),
        }
    }
}
