//! What only the whole program shows: loops without an end, channels into which nothing is sent, children
//! that would need what they cannot see.

use std::collections::BTreeSet;
use std::ops::Range as Span;

use loopscope_trace::{Admits, FunctionId, NamedEventId, NamedEventKind, StepId};

use crate::scenario::check::dependencies;
use crate::scenario::check::endless::Endless;
use crate::scenario::check::errors;
use crate::scenario::check::known::{Features, FileFacts};
use crate::scenario::model::expression::Expression;
use crate::scenario::model::parts::{any, deep};
use crate::scenario::model::scenario::{Function, all_steps, reach};
use crate::scenario::model::step::{Action, Arm, ArmFuture, FOREVER, Step, Work};
use crate::scenario::resolve::program::Program;
use crate::scenario::schema::row::Fact;
use crate::scenario::text::finder::Finder;

/// Says what cannot make sense in a program whose names all resolve.
pub(crate) fn check(program: &Program, around: FileFacts<'_>, finder: &mut Finder<'_>) -> Features {
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
    let endless = Endless::new(program, around);
    for step in all_steps(&program.functions) {
        let span = program.spans.get(step.id.index()).cloned();
        StepCheck {
            program,
            around,
            fed: &fed,
            cancelled: &cancelled,
            endless: &endless,
            span: span.unwrap_or_default(),
        }
        .step(step, finder);
    }
    for function in &program.functions {
        streams(program, function, finder);
        dependencies::check(program, function, finder);
        errors::check(program, function, finder);
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
        if let (Action::Chunk(_), true) = (&step.action, function.encode.is_some()) {
            let span = program.spans.get(step.id.index()).cloned();
            let message = format!("the pieces of `{}` are not encoded as one", function.name);
            let help = "leave `encode` out, and put a `cpu` before each `chunk`";
            return finder.help("plain", span.unwrap_or_default(), message, help);
        }
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
            Action::Select { arms, .. } => arms.iter().filter_map(Arm::body).collect(),
            Action::Spawn { call, .. } => {
                let spawned = program.functions.get(call.function.index());
                spawned
                    .map(|function| vec![function.body.as_slice()])
                    .unwrap_or_default()
            }
            Action::Group(calls) => {
                let called = calls.iter();
                let called = called.filter_map(|call| program.functions.get(call.function.index()));
                called.map(|function| function.body.as_slice()).collect()
            }
            _ => Vec::new(),
        };
        let steps = bodies
            .into_iter()
            .flat_map(|body| reach(&program.functions, body));
        ended.extend(steps.map(|step| step.id));
    }
    ended
}

/// Looks at one step.
#[derive(Debug)]
struct StepCheck<'a> {
    program: &'a Program,
    around: FileFacts<'a>,
    fed: &'a [bool],
    cancelled: &'a BTreeSet<StepId>,
    endless: &'a Endless<'a>,
    span: Span<usize>,
}

impl StepCheck<'_> {
    fn step(&self, step: &Step, finder: &mut Finder<'_>) {
        let span = self.span.clone();
        if let (true, Some((message, nearest))) = (self.around.python, self.unsaid(step)) {
            let help = format!("{nearest}; or write languages = [\"rust\"]");
            finder.help("language", span.clone(), message, help);
        }
        if let (true, Action::YieldRequest) = (self.around.rust, &step.action) {
            let message = "a dependency that yields cannot be said in Rust".to_owned();
            let help = "the nearest is to do the same in the handler itself; or write languages = [\"python\"]";
            finder.help("language", span.clone(), message, help);
        }
        if let (true, Action::WaitFor(event) | Action::Notify { event, .. }) =
            (self.around.rust, &step.action)
            && self.kind(*event) != NamedEventKind::Notify
        {
            let message = "tokio has neither `Event` nor `Condition`".to_owned();
            let help = "the nearest is kind = \"notify\"; or write languages = [\"python\"]";
            finder.help("language", span.clone(), message, help);
        }
        if let (
            true,
            Action::Send {
                is_unsafe: true, ..
            },
        ) = (self.around.rust, &step.action)
        {
            let message =
                "tokio's channels wake their receivers from any thread: none of them is unsafe"
                    .to_owned();
            let help = "leave `unsafe` out; or write languages = [\"python\"]";
            finder.help("language", span.clone(), message, help);
        }
        match &step.action {
            Action::Repeat { times, until, body } if *times == FOREVER => {
                let fault = self.endless.fault(step.id, until.as_ref(), body);
                if let Some((message, help)) = fault {
                    finder.help("endless", span, message.to_owned(), help);
                }
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

    fn kind(&self, event: NamedEventId) -> NamedEventKind {
        self.program.names.events[event.index()].kind
    }

    /// What asyncio has no words for, and what comes nearest.
    fn unsaid(&self, step: &Step) -> Option<(String, &'static str)> {
        let arms = match &step.action {
            Action::Select { arms, .. } => arms,
            Action::Buffered { .. } => {
                let message = "asyncio has no `buffered`: its tasks run by themselves".to_owned();
                return Some((message, "the nearest is `as_completed`"));
            }
            Action::Lock { lock, .. }
                if self.program.names.locks[lock.index()].admits == Admits::Readers =>
            {
                let message = "asyncio has no lock that many may have to read".to_owned();
                return Some((
                    message,
                    "the nearest is a `lock`, which lets in one at a time",
                ));
            }
            Action::WaitFor(event) | Action::Notify { event, .. }
                if self.kind(*event) == NamedEventKind::Notify =>
            {
                let message = "asyncio has no `Notify`, which keeps one permit".to_owned();
                return Some((message, "the nearest is kind = \"event\", or \"condition\""));
            }
            Action::Interval { .. } => {
                let message = "asyncio has no `interval`".to_owned();
                return Some((message, "the nearest is a `repeat` with a `sleep` in it"));
            }
            Action::Subscribe(_) => {
                let message =
                    "asyncio has no broadcast: a value of a queue is taken once".to_owned();
                return Some((message, "the nearest is a channel for each receiver"));
            }
            _ => return None,
        };
        let polled = arms.iter().find_map(|arm| match &arm.future {
            ArmFuture::ByRef { name, .. } if self.is_coroutine(step, name) => Some(name),
            _ => None,
        })?;
        let message = format!("asyncio has no way to poll the coroutine `{polled}` by reference");
        Some((message, "make a task of it: `spawn` instead of `create`"))
    }

    /// Whether the function of this step makes a coroutine of this name.
    fn is_coroutine(&self, step: &Step, name: &str) -> bool {
        let known = self.program.steps.get(step.id.index());
        let function = known.and_then(|step| self.program.functions.get(step.function.index()));
        function.is_some_and(|function| {
            any(
                &function.body,
                |action| matches!(action, Action::Create { name: Some(made), .. } if made == name),
            )
        })
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
            let steps = reach(&self.program.functions, &function.body);
            let shared = steps.iter().find_map(|step| match &step.action {
                Action::Read { variable, .. } | Action::Write { variable, .. } => {
                    Some(("variable", &names.variables[variable.index()].name))
                }
                Action::Lock { lock, .. } => Some(("lock", &names.locks[lock.index()].name)),
                Action::WaitFor(event) | Action::Notify { event, .. } => {
                    Some(("event", &names.events[event.index()].name))
                }
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
