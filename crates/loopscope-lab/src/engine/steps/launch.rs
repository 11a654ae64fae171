//! The values of texts, figures, conditions and arguments, and the task that a function becomes
//! on a loop.

use std::sync::Arc;

use loopscope_probe::Announcement;
use loopscope_trace::{FunctionId, Nanos, StepId, TaskId, TaskRole, TextId};

use crate::engine::state::listed::Written;
use crate::engine::state::open::Open;
use crate::engine::state::run_state::RunState;
use crate::engine::state::semantics::Semantics;
use crate::engine::state::shared_values::{number, place};
use crate::engine::steps::cancel::{Cancelled, Spawned};
use crate::engine::steps::context::{Context, Play};
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::{End, Flow, end_of_call, let_pass, nothing, unless_halted};
use crate::engine::steps::lost::Lost;
use crate::scenario::model::expression::{Call, Expression, Length, Part, Text, Value};
use crate::scenario::model::scenario::Start;

/// The value of an expression that needs nothing but itself.
pub(crate) fn constant(expression: &Expression) -> Value {
    match expression {
        Expression::Integer(number) => Value::Integer(*number),
        Expression::Text(text) => Value::Text(text.clone()),
        Expression::Binary(left, operator, right) => {
            operator.apply(&constant(left), &constant(right))
        }
        Expression::Variable(_) | Expression::Local(_) => nothing(),
    }
}

impl Context {
    /// The value of an expression. Looking at a variable is a read.
    pub(crate) fn value(&self, expression: &Expression, frame: &Frame) -> Value {
        let value = match expression {
            Expression::Integer(number) => Value::Integer(*number),
            Expression::Text(text) => Value::Text(text.clone()),
            Expression::Variable(variable) => {
                self.state
                    .values
                    .read(&self.state.recorder, self.actor(), *variable)
            }
            Expression::Local(name) => frame.get(name).unwrap_or_else(nothing),
            Expression::Binary(left, operator, right) => {
                let left = self.value(left, frame);
                operator.apply(&left, &self.value(right, frame))
            }
        };
        if let Value::Text(text) = &value {
            self.state.budget.text(text.len());
        }
        value
    }

    /// A text as a value: one that is a single expression keeps its type.
    pub(crate) fn text_value(&self, text: &Text, frame: &Frame) -> Value {
        match text.0.as_slice() {
            [Part::Value(expression)] => self.value(expression, frame),
            _ => Value::Text(self.words(text, frame)),
        }
    }

    /// The id of a step's text; one without values was interned before the run.
    pub(crate) fn text(&self, step: StepId, text: &Text, frame: &Frame) -> TextId {
        if text.words().is_some() {
            return self.state.texts.of(step);
        }
        self.state.recorder.intern(&self.words(text, frame))
    }

    fn words(&self, text: &Text, frame: &Frame) -> String {
        let mut words = String::new();
        for part in &text.0 {
            match part {
                Part::Words(piece) => words.push_str(piece),
                Part::Value(expression) => {
                    words.push_str(&self.value(expression, frame).to_string());
                }
            }
            // One that is as long as this ends the run.
            if self.state.budget.over().is_some() {
                break;
            }
        }
        self.state.budget.text(words.len());
        words
    }

    /// How long; less than nothing is nothing.
    pub(crate) fn length(&self, length: &Length, frame: &Frame) -> Nanos {
        match length {
            Length::Fixed(length) => *length,
            Length::Of { value, unit } => {
                let units = self.value(value, frame).number();
                let units = u64::try_from(units).unwrap_or(0);
                Nanos(unit.0.saturating_mul(units))
            }
        }
    }

    /// What a function is called with.
    pub(crate) fn arguments(&self, call: &Call, frame: &Frame) -> Vec<Value> {
        let arguments = call.arguments.iter();
        arguments
            .map(|argument| self.value(argument, frame))
            .collect()
    }
}

impl Context {
    /// Writes a result into a local, and goes on; or goes on with the error that came instead.
    pub(crate) fn keep(&self, end: End, name: Option<&String>, frame: &Frame) -> Flow {
        match end {
            Ok(value) => {
                self.put(frame, name, value);
                Flow::Continue
            }
            Err(error) => Flow::Raised(error),
        }
    }

    /// Notes that the result of the task is an error.
    pub(crate) fn fails(&self) {
        if let Some(cell) = self.cell() {
            cell.fails();
        }
    }
}

/// What becomes a task.
struct Launch<'a> {
    function: FunctionId,
    arguments: Vec<Value>,
    name: &'a str,
    role: TaskRole,
    /// The task that spawns it; none for a program.
    parent: TaskId,
    /// The place of its loop.
    on: usize,
    open: Open,
    play: Play,
    /// Its end is the end of all.
    is_main: bool,
}

/// Puts a program of `[[start]]` on its loop, unless main has returned.
pub(crate) fn start(state: &Arc<RunState>, start: &Start, open: Open, play: Play) {
    if state.stopping.has_main_returned() {
        return;
    }
    let Some(called) = state.function(start.call.function) else {
        return;
    };
    let on = start.on.or(called.on).map_or(0, place);
    let name = called.name.clone();
    // Its arguments are numbers and strings: there is nothing to look up yet.
    let arguments = start.call.arguments.iter().map(constant).collect();
    let launch = Launch {
        function: start.call.function,
        arguments,
        name: &name,
        role: TaskRole::Program,
        parent: TaskId::NONE,
        on,
        open,
        play,
        is_main: start.is_main,
    };
    let _at = state.listed.at(Written::Function(start.call.function));
    let _ = launch.begin(state);
}

impl Launch<'_> {
    /// Puts the function on its loop as a task of its own.
    fn begin(self, state: &Arc<RunState>) -> Spawned {
        state.launched();
        let shared = Arc::clone(state);
        let cancelled = Cancelled::default();
        let own = Arc::clone(&cancelled);
        let announcement = Announcement {
            function: number(self.function),
            parent: self.parent,
            ..Announcement::new(self.role, state.recorder.intern(self.name))
        };
        let (name, on, id) = (self.name.to_owned(), self.on, self.function);
        let (arguments, open, play) = (self.arguments, self.open, self.play);
        let is_main = self.is_main;
        let lost = Lost::new(&state.recorder);
        let own_lost = lost.clone();
        let (cell, handle) = state.spawn(id, on, announcement, self.name, move |me| async move {
            let mut cx = Context::for_task(shared, me, &name, on, open, play);
            cx.cancelled = own;
            let (flow, value) = cx.call(id, arguments).await;
            unless_halted(flow).await;
            if is_main {
                ends_all(&cx).await;
            }
            let end = end_of_call(flow, value);
            if let Err(error) = end {
                cx.fails();
                // Who runs main is told of its error.
                if !is_main {
                    own_lost.failed(cx.task(), error);
                }
            }
            end
        });
        let abort = handle.abort_handle();
        state.stopping.remember(self.role, &cell, abort);
        Spawned {
            cell,
            handle,
            cancelled,
            holder: lost.holder(),
        }
    }
}

/// Main has returned. asyncio gives what is ready one more turn before it cancels the rest.
async fn ends_all(main: &Context) {
    let stopping = &main.state.stopping;
    if main.state.semantics == Semantics::Asyncio && stopping.has_others(main.task()) {
        let_pass(main.cell(), 1).await;
    }
    stopping.main_returns(main.task());
}

/// Puts a called function on its loop as a task of this one.
pub(crate) fn launch(
    cx: &Context,
    call: &Call,
    name: &str,
    on: Option<usize>,
    frame: &Frame,
) -> Spawned {
    let called = cx.state.function(call.function);
    let own = || called.and_then(|function| function.on).map(place);
    let launch = Launch {
        function: call.function,
        arguments: cx.arguments(call, frame),
        name,
        role: TaskRole::Spawned,
        parent: cx.task(),
        on: on.or_else(own).unwrap_or(cx.on),
        open: cx.state.open.begin(),
        play: cx.play(),
        is_main: false,
    };
    launch.begin(&cx.state)
}
