//! What a run finds out about its story only while it goes on.

use serde::{Deserialize, Serialize};

use crate::ids::StepId;
use crate::story::code::{Function, SourceFile, Step};
use crate::story::runtime::NamedPool;

/// A row that is added to the story, or to the stacks of the trace, while a run goes on: of a program that is watched,
/// nothing is known beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateRow {
    /// The next of the story's source files.
    File(SourceFile),
    /// The next of its functions.
    Function(Function),
    /// The next of its steps: a place of the program at which a task was seen.
    Step(Step),
    /// The next of its pools.
    Pool(NamedPool),
    /// The next call stack: the places in it, the innermost first.
    Stack(Vec<StepId>),
    /// What runs the program that is watched, in words; it stands in place of what was said before.
    Runtime(String),
}
