//! The scenario that is always right: its functions and what starts them; where it comes from, and what is
//! chosen for its run.

use std::path::Path;

use loopscope_trace::{Clock, FunctionId, Local, LoopId, Nanos, Story};

use crate::scenario::model::expression::Call;
use crate::scenario::model::parts::{self, Outlived, deep};
use crate::scenario::model::step::{Action, Arm, ArmFuture, Step, Work};

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
    pub(crate) fn has_step(&self, wanted: impl Fn(&Action) -> bool) -> bool {
        all_steps(&self.functions).any(|step| wanted(&step.action))
    }
}

/// The steps of all functions, however deep they stand, in file order.
pub(crate) fn all_steps(functions: &[Function]) -> impl Iterator<Item = &Step> {
    functions.iter().flat_map(|function| deep(&function.body))
}

/// The steps of a body, and of all functions that it calls.
pub(crate) fn reach<'a>(functions: &'a [Function], body: &'a [Step]) -> Vec<&'a Step> {
    let mut seen: Vec<FunctionId> = Vec::new();
    let mut steps = deep(body);
    let mut next = 0;
    while let Some(step) = steps.get(next) {
        next += 1;
        for call in step.action.parts().calls {
            if !seen.contains(&call.function) {
                seen.push(call.function);
                let called = functions.get(call.function.index());
                steps.extend(called.map(|called| deep(&called.body)).unwrap_or_default());
            }
        }
    }
    steps
}

/// The parameters and locals of the functions, each once.
pub(crate) fn locals(functions: &[Function]) -> Vec<Local> {
    let mut all: Vec<Local> = Vec::new();
    for function in functions {
        let first = all.len();
        let steps = deep(&function.body).into_iter();
        let written = steps.flat_map(|step| step.action.parts().locals);
        let params = function.params.iter().map(String::as_str);
        for name in params.chain(written.map(|(name, _)| name)) {
            if !all[first..].iter().any(|local| local.name == name) {
                all.push(Local {
                    function: function.id,
                    name: name.to_owned(),
                });
            }
        }
    }
    all
}

/// The functions that can send to a channel.
pub(crate) fn senders(functions: &[Function], place: usize) -> Option<Vec<FunctionId>> {
    doing(
        functions,
        |action| matches!(action, Action::Send { channel, .. } if channel.index() == place),
    )
}

/// The functions that can take a value out of a channel.
pub(crate) fn receivers(functions: &[Function], place: usize) -> Option<Vec<FunctionId>> {
    doing(
        functions,
        |action| matches!(action, Action::Receive { channel, .. } if channel.index() == place),
    )
}

/// The functions that can do it, by themselves or by what they call or start; none where a request can bring it
/// about, because one may come at any time.
fn doing(functions: &[Function], wanted: impl Fn(&Action) -> bool) -> Option<Vec<FunctionId>> {
    let does = |function: &&Function| parts::any(&function.body, &wanted);
    let mut found: Vec<FunctionId> = functions.iter().filter(does).map(|own| own.id).collect();
    let mut next = 0;
    while let Some(&sender) = found.get(next) {
        next += 1;
        let uses = |function: &Function| {
            let calls = |action: &Action| {
                let calls = action.parts().calls;
                calls.iter().any(|call| call.function == sender)
            };
            let depends = function.depends.iter().any(|call| call.function == sender);
            depends || parts::any(&function.body, calls)
        };
        let users = functions.iter().filter(|own| uses(own)).map(|own| own.id);
        let users: Vec<FunctionId> = users.filter(|id| !found.contains(id)).collect();
        found.extend(users);
    }
    let is_asked = |id: &FunctionId| functions[id.index()].route.is_some();
    (!found.iter().any(is_asked)).then_some(found)
}

/// Whether later steps of the function wait for this task or job, or abort it.
pub(crate) fn is_used(function: &Function, task: &str) -> bool {
    parts::any(&function.body, |action| match action {
        Action::Await { name, .. } | Action::Abort(name) => name == task,
        Action::Select { arms, .. } => is_polled(arms, task),
        _ => false,
    })
}

/// Whether one of these arms polls this task, job or coroutine by reference.
pub(crate) fn is_polled(arms: &[Arm], task: &str) -> bool {
    let of = |arm: &Arm| matches!(&arm.future, ArmFuture::ByRef { name, .. } if name == task);
    arms.iter().any(of)
}

/// Whether work can outlive the function that starts it: tasks that are never awaited, jobs left running.
pub(crate) fn leaves_work(functions: &[Function]) -> bool {
    let mut functions = functions.iter();
    functions.any(|function| {
        parts::any(&function.body, |action| match action.parts().outlived {
            Outlived::Nothing => false,
            Outlived::Unless(name) => !is_used(function, name),
            Outlived::Work => true,
        })
    })
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
    /// Whether an error may leave it.
    pub fails: bool,
    /// How long its answer takes to be encoded.
    pub encode: Option<Nanos>,
}

/// Notes which functions an error may leave.
pub(crate) fn note_failing(functions: &mut [Function]) {
    // What one raises goes up through all that wait for it.
    loop {
        let of_others = |function: &Function| {
            let mut depends = function.depends.iter();
            function.is_async && depends.any(|call| call_fails(functions, call))
        };
        let fails = |function: &&Function| {
            !function.fails && (of_others(function) || fails(functions, function, &function.body))
        };
        let found = functions.iter().filter(fails).map(|function| function.id);
        let found: Vec<FunctionId> = found.collect();
        if found.is_empty() {
            return;
        }
        for id in found {
            functions[id.index()].fails = true;
        }
    }
}

/// Whether an error may leave a body of a function.
pub(crate) fn fails(functions: &[Function], function: &Function, body: &[Step]) -> bool {
    let mut steps = body.iter();
    steps.any(|step| step_fails(functions, function, &step.action))
}

/// Whether an error may leave a function that is called.
pub(crate) fn call_fails(functions: &[Function], call: &Call) -> bool {
    let called = functions.get(call.function.index());
    called.is_some_and(|called| called.fails)
}

/// Whether an error may leave a step of a function.
pub(crate) fn step_fails(functions: &[Function], function: &Function, action: &Action) -> bool {
    let inside = |body: &[Step]| fails(functions, function, body);
    match action {
        Action::Raise(_) => true,
        Action::Try { otherwise, .. } => inside(otherwise),
        Action::Await { name, .. } => started_fails(functions, function, name),
        Action::Spawn { .. } | Action::Create { .. } | Action::Background(_) => false,
        Action::Gather {
            keeps_errors: true, ..
        } => false,
        Action::SpawnBlocking { name, detach, .. } if *detach || name.is_some() => false,
        Action::Process { otherwise, .. } => inside(otherwise),
        action => {
            let parts = action.parts();
            let mut calls = parts.calls.iter();
            calls.any(|call| call_fails(functions, call)) || parts.bodies.into_iter().any(inside)
        }
    }
}

/// Whether what a function has started under a name may end with an error.
pub(crate) fn started_fails(functions: &[Function], function: &Function, task: &str) -> bool {
    let steps = deep(&function.body);
    steps.iter().any(|step| match &step.action {
        Action::Spawn { call, name, .. } => name == task && call_fails(functions, call),
        Action::Create {
            call,
            name: Some(name),
        } => name == task && call_fails(functions, call),
        Action::SpawnBlocking {
            work,
            name: Some(name),
            ..
        } => {
            name == task
                && match work {
                    Work::Inline(body) => fails(functions, function, body),
                    Work::Function(call) => call_fails(functions, call),
                }
        }
        _ => false,
    })
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
    /// Its end is the end of all.
    pub is_main: bool,
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

/// What is chosen for a run of it.
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
    /// The name of a file that is not one of ours: `my/02-blocking-sleep.toml` has the id `blocking-sleep`.
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
