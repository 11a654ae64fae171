//! What only the whole program shows: loops without an end, channels into which nothing is sent, children
//! that would need what they cannot see.

use std::collections::BTreeSet;
use std::ops::Range as Span;

use loopscope_trace::{FunctionId, Nanos, StepId};

use crate::scenario::check::known::Features;
use crate::scenario::model::expression::{Expression, Length};
use crate::scenario::model::scenario::{Function, all_steps};
use crate::scenario::model::step::{Action, FOREVER, Step, Work, deep};
use crate::scenario::resolve::program::Program;
use crate::scenario::schema::row::Fact;
use crate::scenario::text::finder::Finder;

/// What is there besides the functions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileFacts {
    /// Clients send requests.
    pub(crate) server: bool,
    /// The file has a `limit` of its own.
    pub(crate) limit: bool,
    /// The file expects that the run does not end.
    pub(crate) unfinished: bool,
}

/// Says what cannot make sense in a program whose names all resolve.
pub(crate) fn check(program: &Program, around: FileFacts, finder: &mut Finder<'_>) -> Features {
    let mut does = Features::default();
    let mut fed = vec![false; program.names.channels.len()];
    for step in all_steps(&program.functions) {
        let is = |fact| program.is(step, fact);
        does.chunks |= is(Fact::Chunks);
        does.limits |= is(Fact::Limits) && step.action.parts().length.is_some();
        does.stops |= is(Fact::Stops);
        does.processes |= is(Fact::Processes);
        if let Action::Send { channel, .. } = &step.action
            && let Some(fed) = fed.get_mut(channel.index())
        {
            *fed = true;
        }
    }
    let cancelled = cancelled(program);
    for step in all_steps(&program.functions) {
        let span = program.spans.get(step.id.index()).cloned();
        StepCheck {
            program,
            around,
            fed: &fed,
            cancelled: &cancelled,
            span: span.unwrap_or_default(),
        }
        .step(step, finder);
    }
    for function in &program.functions {
        streams(program, function, finder);
    }
    does
}

/// A function with pieces is a generator: it has no other answer.
fn streams(program: &Program, function: &Function, finder: &mut Finder<'_>) {
    let steps = deep(&function.body);
    if !steps.iter().any(|step| program.is(step, Fact::Chunks)) {
        return;
    }
    for step in steps {
        if let Action::Respond(_) | Action::Return(Some(_)) = step.action {
            let span = program.spans.get(step.id.index()).cloned();
            let message = format!("`{}` sends its answer in pieces already", function.name);
            let help = "make this a last `chunk`, or leave with return = true";
            finder.help("plain", span.unwrap_or_default(), message, help);
        }
    }
}

/// The steps that do not wait for ever although nothing comes: a timeout ends them, another way of a `select`, or
/// the end of the program, which cancels the task that they are in.
fn cancelled(program: &Program) -> BTreeSet<StepId> {
    let mut ended = BTreeSet::new();
    for step in all_steps(&program.functions) {
        let bodies = match &step.action {
            Action::Timeout { body, .. } => vec![body.as_slice()],
            Action::Select(bodies) => bodies.iter().map(Vec::as_slice).collect(),
            Action::Spawn { call, .. } => {
                let spawned = program.functions.get(call.function.index());
                spawned
                    .map(|function| vec![function.body.as_slice()])
                    .unwrap_or_default()
            }
            _ => Vec::new(),
        };
        let steps = bodies.into_iter().flat_map(|body| reach(program, body));
        ended.extend(steps.map(|step| step.id));
    }
    ended
}

/// The steps of a body, and of all functions that it calls.
fn reach<'a>(program: &'a Program, body: &'a [Step]) -> Vec<&'a Step> {
    let mut seen: Vec<FunctionId> = Vec::new();
    let mut steps = deep(body);
    let mut next = 0;
    while let Some(step) = steps.get(next) {
        next += 1;
        for call in step.action.parts().calls {
            if !seen.contains(&call.function) {
                seen.push(call.function);
                let called = program.functions.get(call.function.index());
                steps.extend(called.map(|called| deep(&called.body)).unwrap_or_default());
            }
        }
    }
    steps
}

/// Looks at one step.
#[derive(Debug)]
struct StepCheck<'a> {
    program: &'a Program,
    around: FileFacts,
    fed: &'a [bool],
    cancelled: &'a BTreeSet<StepId>,
    span: Span<usize>,
}

impl StepCheck<'_> {
    fn step(&self, step: &Step, finder: &mut Finder<'_>) {
        let span = self.span.clone();
        match &step.action {
            Action::Repeat { times, until, body } if *times == FOREVER => {
                self.forever(until.is_some(), body, finder);
            }
            Action::Receive { channel, .. } => {
                let fed = self.fed.get(channel.index()).copied().unwrap_or(true);
                let ends = self.around.unfinished || self.cancelled.contains(&step.id);
                if !fed && !ends {
                    let name = &self.program.names.channels[channel.index()].name;
                    let message = format!("nothing is ever sent into `{name}`");
                    let help = format!("add {{ send = \"{name}\", value = … }} to some function");
                    finder.help("endless", span, message, help);
                }
            }
            Action::Stop { .. } if !self.around.server => {
                let message = "there is no server to stop: no client sends requests".to_owned();
                let help = "add a [[client]], or leave `stop` out";
                finder.help("plain", span, message, help);
            }
            Action::Process { work, .. } => self.child(work, finder),
            _ => {}
        }
    }

    fn forever(&self, until: bool, body: &[Step], finder: &mut Finder<'_>) {
        let steps = reach(self.program, body);
        let mut all = steps.iter();
        if !all.any(|step| self.takes_time(step)) {
            let message = "a round of this `repeat` takes no time".to_owned();
            let help = "put a step into it that waits or works: `sleep`, `recv`, `cpu` …";
            return finder.help("endless", self.span.clone(), message, help);
        }
        let own = deep(body);
        let leaves = own.iter().any(|step| self.program.is(step, Fact::Leaves));
        let waits = steps
            .iter()
            .any(|step| matches!(step.action, Action::Receive { .. }));
        if !(until || leaves || waits || self.around.limit) {
            let message = "this `repeat` never ends".to_owned();
            let help = "give it an `until`, a `return` or a `recv`; or give the file a `limit`";
            finder.help("endless", self.span.clone(), message, help);
        }
    }

    /// Whether a step can take time at all.
    fn takes_time(&self, step: &Step) -> bool {
        let length = step.action.parts().length;
        let long = length.and_then(Length::fixed) != Some(Nanos::ZERO);
        long && self.program.is(step, Fact::TakesTime)
    }

    /// A child process has a memory of its own.
    fn child(&self, work: &Work, finder: &mut Finder<'_>) {
        let names = &self.program.names;
        let calls: Vec<FunctionId> = match work {
            Work::Function(call) => vec![call.function],
            Work::Inline(body) => deep(body)
                .iter()
                .flat_map(|step| step.action.parts().calls)
                .map(|call| call.function)
                .collect(),
        };
        for function in calls {
            let Some(function) = self.program.functions.get(function.index()) else {
                continue;
            };
            let steps = reach(self.program, &function.body);
            let shared = steps.iter().find_map(|step| match &step.action {
                Action::Read { variable, .. } | Action::Write { variable, .. } => {
                    Some(("variable", &names.variables[variable.index()].name))
                }
                Action::Lock { lock, .. } => Some(("lock", &names.locks[lock.index()].name)),
                Action::Send { channel, .. } => {
                    Some(("channel", &names.channels[channel.index()].name))
                }
                action => action.parts().values().find_map(|value| {
                    let seen = looked_at(value)?;
                    Some(("variable", &names.variables[seen].name))
                }),
            });
            if let Some((what, name)) = shared {
                let message = format!(
                    "a child process cannot see the {what} `{name}`, which `{}` uses",
                    function.name
                );
                let help = "hand it over as an argument, or use it before or after `process`";
                finder.help("plain", self.span.clone(), message, help);
            }
        }
    }
}

/// A variable that an expression looks at.
fn looked_at(value: &Expression) -> Option<usize> {
    match value {
        Expression::Variable(id) => Some(id.index()),
        Expression::Binary(left, _, right) => looked_at(left).or_else(|| looked_at(right)),
        _ => None,
    }
}
