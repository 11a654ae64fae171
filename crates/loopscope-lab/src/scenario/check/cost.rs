//! What a scenario comes to when it runs: steps, tasks, time, printed lines; and whether it ends.

use std::collections::BTreeMap;
use std::ops::Range as Span;

use loopscope_trace::{Client, FunctionId, Nanos, Planned};

use crate::scenario::decode::record::Record;
use crate::scenario::model::expression::{Length, Text};
use crate::scenario::model::parts::Parts;
use crate::scenario::model::scenario::{Start, leaves_work};
use crate::scenario::model::step::{Action, FOREVER, Step};
use crate::scenario::resolve::program::Program;
use crate::scenario::schema::row::{Fact, MAX_SECONDS, MAX_STEPS, MAX_TASKS};
use crate::scenario::text::finder::Finder;

/// The sum of everything, as if one thing came after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) steps: u64,
    pub(crate) tasks: u64,
    pub(crate) nanos: u128,
    pub(crate) prints: Prints,
}

/// The lines that are printed, as far as the file alone decides it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prints {
    /// How often each line is printed at most.
    pub(crate) lines: BTreeMap<String, u64>,
    /// Some line is only known while the scenario runs: any may be printed.
    pub(crate) open: bool,
    /// Some step may be left out: a line may be printed less often.
    pub(crate) less: bool,
}

/// Rounds that a `repeat` without an end is counted for.
const ROUNDS: u64 = 100;

/// Units that a length is counted for which is only known while the scenario runs.
const UNITS: u64 = 100;

impl Cost {
    fn add(&mut self, other: &Self, times: u64) {
        self.steps = self.steps.saturating_add(other.steps.saturating_mul(times));
        self.tasks = self.tasks.saturating_add(other.tasks.saturating_mul(times));
        let nanos = other.nanos.saturating_mul(u128::from(times));
        self.nanos = self.nanos.saturating_add(nanos);
        for (text, count) in &other.prints.lines {
            let sum = self.prints.lines.entry(text.clone()).or_default();
            *sum = sum.saturating_add(count.saturating_mul(times));
        }
        self.prints.open |= other.prints.open;
        self.prints.less |= other.prints.less;
    }

    fn task(&mut self) {
        self.tasks = self.tasks.saturating_add(1);
    }

    fn wait(&mut self, length: &Length) {
        match length {
            Length::Fixed(length) => self.spend(*length),
            Length::Of { unit, .. } => self.spend(Nanos(unit.0.saturating_mul(UNITS))),
        }
    }

    fn spend(&mut self, length: Nanos) {
        self.nanos = self.nanos.saturating_add(u128::from(length.0));
    }
}

/// Adds up the functions of a program, each once.
#[derive(Debug)]
struct Sum<'a> {
    program: &'a Program,
    known: Vec<Option<Cost>>,
    path: Vec<FunctionId>,
    loops: Vec<(Span<usize>, String)>,
}

/// What all requests and starts come to; says so where it never ends or is beyond a limit.
pub(crate) fn total(
    program: &Program,
    (clients, planned): (&[Client], &[Planned]),
    starts: &[Start],
    processes: u32,
    finder: &mut Finder<'_>,
) -> Cost {
    let mut sum = Sum {
        program,
        known: vec![None; program.functions.len()],
        path: Vec::new(),
        loops: Vec::new(),
    };
    for function in &program.functions {
        sum.function(function.id, &(0..0));
    }
    for (span, message) in std::mem::take(&mut sum.loops) {
        let help = "a function must not come back to itself";
        finder.help("endless", span, message, help);
    }
    let mut runs: BTreeMap<FunctionId, u64> = BTreeMap::new();
    for planned in planned {
        *runs.entry(planned.function).or_default() += 1;
    }
    for start in starts {
        // Each copy of the server has its own.
        *runs.entry(start.call.function).or_default() += u64::from(processes);
    }
    let mut total = Cost::default();
    // What is left when main returns is cancelled.
    total.prints.less = starts.iter().any(|start| start.is_main)
        && (starts.len() > 1 || leaves_work(&program.functions));
    for (function, times) in runs {
        if let Some(Some(cost)) = sum.known.get(function.index()) {
            // A request has its own task, and a plain function a job beside it.
            let tasks = if program.is_async(function) { 1 } else { 2 };
            total.add(cost, times);
            total.tasks = total.tasks.saturating_add(times.saturating_mul(tasks));
        }
    }
    let last = planned.last().map(|planned| planned.at);
    let last = last.max(starts.last().map(|start| start.at));
    total.spend(last.unwrap_or_default());
    limits(&total, finder);
    // What a client prints are the answers that it gets, whatever they are.
    total.prints.open |= clients.iter().any(|client| client.prints.is_some());
    total
}

fn limits(total: &Cost, finder: &mut Finder<'_>) {
    let mut beyond = |what: &str, most: String| {
        let message = format!("this scenario {what}; the limit is {most}");
        let help = "lower a `repeat`, `times` or a duration";
        finder.help("limit", 0..0, message, help);
    };
    if total.steps > MAX_STEPS {
        let what = format!("takes {} steps", total.steps);
        beyond(&what, MAX_STEPS.to_string());
    }
    if total.tasks > MAX_TASKS {
        let what = format!("makes {} tasks and jobs", total.tasks);
        beyond(&what, MAX_TASKS.to_string());
    }
    let most = u128::from(MAX_SECONDS) * 1_000_000_000;
    if total.nanos > most {
        let seconds = total.nanos / 1_000_000_000;
        let what = format!("can take {seconds}s, one thing after the other");
        beyond(&what, format!("{MAX_SECONDS}s"));
    }
}

impl Sum<'_> {
    /// The cost of a function that is called at `span`.
    fn function(&mut self, id: FunctionId, span: &Span<usize>) -> Cost {
        let Some(slot) = self.known.get(id.index()) else {
            return Cost::default();
        };
        if let Some(cost) = slot {
            return cost.clone();
        }
        if let Some(start) = self.path.iter().position(|other| *other == id) {
            let mut names: Vec<String> = self.path[start..]
                .iter()
                .map(|other| format!("`{}`", self.program.functions[other.index()].name))
                .collect();
            names.push(names.first().cloned().unwrap_or_default());
            let message = format!("{} never ends", names.join(" → "));
            self.loops.push((span.clone(), message));
            return Cost::default();
        }
        self.path.push(id);
        let program = self.program;
        let function = &program.functions[id.index()];
        let mut cost = self.body(&function.body);
        if let Some(length) = function.encode {
            cost.spend(length);
        }
        for call in &function.depends {
            cost.task();
            cost.add(&self.function(call.function, span), 1);
        }
        self.path.pop();
        if let Some(slot) = self.known.get_mut(id.index()) {
            *slot = Some(cost.clone());
        }
        cost
    }

    fn body(&mut self, steps: &[Step]) -> Cost {
        let mut cost = Cost::default();
        for step in steps {
            cost.steps = cost.steps.saturating_add(1);
            self.step(step, &mut cost);
        }
        cost
    }

    fn step(&mut self, step: &Step, cost: &mut Cost) {
        let spans = &self.program.spans;
        let span = spans.get(step.id.index()).cloned().unwrap_or_default();
        let parts = step.action.parts();
        let times = match &step.action {
            Action::Repeat { times, until, .. } => {
                cost.prints.less |= until.is_some() || *times == FOREVER;
                match *times {
                    FOREVER => ROUNDS,
                    times => u64::from(times),
                }
            }
            Action::AsCompleted { calls, .. } | Action::Buffered { calls, .. } => {
                calls.len() as u64
            }
            _ => 1,
        };
        for body in &parts.bodies {
            let body = self.body(body);
            cost.add(&body, times);
        }
        self.own(step, &parts, cost);
        for call in parts.calls {
            cost.add(&self.function(call.function, &span), 1);
        }
    }

    /// What a step costs without its bodies and the functions that it calls.
    fn own(&self, step: &Step, parts: &Parts<'_>, cost: &mut Cost) {
        let is = |fact| self.program.is(step, fact);
        if let Some(text) = parts.prints {
            print(text, cost);
        }
        if let Some(length) = parts.length {
            cost.wait(length);
            cost.prints.less |= is(Fact::Limits);
        }
        if is(Fact::Starts) {
            cost.task();
        }
        if is(Fact::StartsEach) {
            cost.tasks = cost.tasks.saturating_add(parts.calls.len() as u64);
        }
        cost.prints.less |= is(Fact::Skips);
    }
}

fn print(text: &Text, cost: &mut Cost) {
    match text.words() {
        Some(words) => *cost.prints.lines.entry(words.to_owned()).or_default() += 1,
        None => cost.prints.open = true,
    }
}

/// A run without a `limit` is stopped after its longest story times this, and ten seconds of wall time.
const PATIENCE: u64 = 10;

/// Steps in a second of wall time, at least, even on a slow and busy machine.
const STEPS_A_SECOND: u64 = 10_000;

/// `limit` as the file has it; else late enough that no run that ends is ever cut. What the steps
/// themselves take does not get shorter by a higher speed.
pub(crate) fn limit(root: &Record, total: &Cost, speed: f64) -> Nanos {
    let longest = u64::try_from(total.nanos).unwrap_or(u64::MAX);
    let wall = Nanos::from_secs(10 + total.steps / STEPS_A_SECOND);
    let work = Nanos((wall.0 as f64 * speed.max(1.0)) as u64);
    let patient = Nanos(longest.saturating_mul(PATIENCE)) + work;
    root.length("limit").unwrap_or(patient)
}
