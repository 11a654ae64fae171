//! Which steps may be dropped where they give way, because something else has ended.

use std::collections::BTreeSet;

use loopscope_trace::{FunctionId, StepId};

use crate::scenario::check::known::FileFacts;
use crate::scenario::model::scenario::{all_steps, reach};
use crate::scenario::model::step::{Action, Arm, Step};
use crate::scenario::resolve::program::Program;

/// The steps in ways of a `select`, in tasks that nothing has to wait for, and in programs besides the main one.
pub(crate) fn dropped(program: &Program, around: &FileFacts<'_>) -> BTreeSet<StepId> {
    let mut dropped = BTreeSet::new();
    let mut drop_all = |body: &[Step]| {
        let steps = reach(&program.functions, body).into_iter();
        dropped.extend(steps.map(|step| step.id));
    };
    for step in all_steps(&program.functions) {
        match &step.action {
            Action::Select { arms, .. } => {
                arms.iter().filter_map(Arm::body).for_each(&mut drop_all);
            }
            Action::Spawn { call, .. } | Action::Background(call) => {
                drop_all(body_of(program, call.function));
            }
            _ => {}
        }
    }
    for start in around.starts.iter().filter(|start| !start.is_main) {
        drop_all(body_of(program, start.call.function));
    }
    dropped
}

/// The body of a function.
pub(crate) fn body_of(program: &Program, function: FunctionId) -> &[Step] {
    let function = program.functions.get(function.index());
    function.map_or(&[], |function| &function.body)
}
