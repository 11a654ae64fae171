//! Dependencies that are left open for their request: where such a function can stand, and what it can do.

use crate::scenario::model::parts::{any, deep};
use crate::scenario::model::scenario::{Function, all_steps};
use crate::scenario::model::step::{Action, Step};
use crate::scenario::resolve::program::Program;
use crate::scenario::schema::row::Fact;
use crate::scenario::text::finder::Finder;

/// Says so where a function cannot let a request be served.
pub(crate) fn check(program: &Program, function: &Function, finder: &mut Finder<'_>) {
    let yields = |step: &&Step| matches!(step.action, Action::YieldRequest);
    let steps = deep(&function.body);
    let mut all = steps.iter().copied().filter(yields);
    let Some(first) = all.next() else { return };
    let mut say = |step: &Step, message: String, help: &str| {
        let span = program.spans.get(step.id.index()).cloned();
        finder.help("plain", span.unwrap_or_default(), message, help);
    };
    let name = &function.name;
    let depends = |other: &Function| {
        let mut depends = other.depends.iter();
        depends.any(|call| call.function == function.id)
    };
    let called = all_steps(&program.functions).any(|step| {
        let mut calls = step.action.parts().calls.iter();
        calls.any(|call| call.function == function.id)
    });
    if function.route.is_some() || called || !program.functions.iter().any(depends) {
        let message = format!("no request is served inside `{name}`");
        let help = "let only the `depends` of a function with a route name it";
        return say(first, message, help);
    }
    if let Some(second) = all.next() {
        let message = format!("`{name}` lets its request be served twice");
        return say(second, message, "leave one of them out");
    }
    if !in_sight(&function.body) {
        let message = "`yield_request` cannot stand in this step".to_owned();
        let help = "put it into the function's body, or into a `lock`, an `acquire` or an `if`";
        return say(first, message, help);
    }
    let mut later = steps.iter().skip_while(|step| step.id != first.id);
    let long = |step: &&&Step| program.is(step, Fact::TakesTime);
    if let (false, Some(step)) = (function.is_async, later.find(long)) {
        let message = "a plain dependency cannot take time after `yield_request`".to_owned();
        let help = "make it async, or do this before";
        say(step, message, help);
    }
}

/// Whether it stands where the function itself goes on after it.
fn in_sight(body: &[Step]) -> bool {
    body.iter().any(|step| match &step.action {
        Action::YieldRequest => true,
        Action::Lock { body, .. } => in_sight(body),
        Action::If {
            then, otherwise, ..
        } => in_sight(then) || in_sight(otherwise),
        _ => false,
    }) && !body.iter().any(|step| {
        let hides = !matches!(step.action, Action::Lock { .. } | Action::If { .. });
        let mut inner = step.action.parts().bodies.into_iter();
        hides && inner.any(|body| any(body, |action| matches!(action, Action::YieldRequest)))
    })
}
