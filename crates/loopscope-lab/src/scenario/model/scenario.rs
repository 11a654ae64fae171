//! The scenario that is always right: its functions and what starts them.

use loopscope_trace::{FunctionId, LoopId, Nanos, Story};

use crate::scenario::model::expression::Call;
use crate::scenario::model::step::{self, Action, Step};

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
    /// Whether `wanted` holds for a step of any function, however deep it stands.
    pub fn has_step(&self, wanted: impl Fn(&Action) -> bool) -> bool {
        let mut functions = self.functions.iter();
        functions.any(|function| step::any(&function.body, &wanted))
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
