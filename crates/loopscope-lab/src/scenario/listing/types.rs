//! Which values are numbers and which are strings: Rust must say, and both put them together.

use std::collections::BTreeMap;

use loopscope_trace::{FunctionId, Story};

use crate::scenario::model::expression::{Expression, Operator, Part, Text};
use crate::scenario::model::scenario::{Function, Start};
use crate::scenario::model::step::{Action, Call, Step, Work};

/// What a value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A whole number.
    #[default]
    Integer,
    /// A string.
    Text,
}

/// The kinds of everything that has a value.
#[derive(Debug, Default)]
pub(crate) struct Types {
    pub(crate) variables: Vec<Kind>,
    pub(crate) channels: Vec<Kind>,
    /// By function and name.
    locals: BTreeMap<(FunctionId, String), Kind>,
    /// What functions return; those that return nothing are not here.
    results: BTreeMap<FunctionId, Kind>,
    /// What a task, job or coroutine by this name runs.
    tasks: BTreeMap<(FunctionId, String), FunctionId>,
}

impl Types {
    pub(crate) fn of(story: &Story, functions: &[Function], starts: &[Start]) -> Self {
        let mut types = Self {
            channels: vec![Kind::Integer; story.channels.len()],
            ..Self::default()
        };
        for variable in &story.variables {
            let number = variable.initial.parse::<i64>().is_ok();
            types.variables.push(match number {
                true => Kind::Integer,
                false => Kind::Text,
            });
        }
        // A value may travel through a call, a result and a channel: each round takes it further.
        for _ in 0..4 {
            for start in starts {
                types.arguments(functions, &start.call, start.call.function);
            }
            for function in functions {
                types.body(functions, function.id, &function.body);
            }
        }
        types
    }

    /// The kind of a local or parameter.
    pub(crate) fn local(&self, function: FunctionId, name: &str) -> Kind {
        let key = (function, name.to_owned());
        self.locals.get(&key).copied().unwrap_or_default()
    }

    /// What a function returns; none where that is nothing.
    pub(crate) fn result(&self, function: FunctionId) -> Option<Kind> {
        self.results.get(&function).copied()
    }

    pub(crate) fn expression(&self, function: FunctionId, expression: &Expression) -> Kind {
        match expression {
            Expression::Integer(_) => Kind::Integer,
            Expression::Text(_) => Kind::Text,
            Expression::Variable(id) => self.variables.get(id.index()).copied().unwrap_or_default(),
            Expression::Local(name) => self.local(function, name),
            Expression::Binary(left, Operator::Add, right) => {
                let left = self.expression(function, left);
                left.max(self.expression(function, right))
            }
            Expression::Binary(..) => Kind::Integer,
        }
    }

    fn text(&self, function: FunctionId, text: &Text) -> Kind {
        match text.0.as_slice() {
            [Part::Value(only)] => self.expression(function, only),
            _ => Kind::Text,
        }
    }

    fn learn(&mut self, function: FunctionId, name: Option<&String>, kind: Kind) {
        if let Some(name) = name {
            let known = self.locals.entry((function, name.clone())).or_default();
            *known = kind.max(*known);
        }
    }

    fn arguments(&mut self, functions: &[Function], call: &Call, caller: FunctionId) {
        let Some(called) = functions.get(call.function.index()) else {
            return;
        };
        for (name, value) in called.params.iter().zip(&call.arguments) {
            let kind = self.expression(caller, value);
            self.learn(called.id, Some(name), kind);
        }
    }

    fn returned(&self, call: &Call) -> Kind {
        self.result(call.function).unwrap_or_default()
    }

    fn body(&mut self, functions: &[Function], id: FunctionId, body: &[Step]) {
        for step in body {
            for call in step.action.calls() {
                self.arguments(functions, call, id);
            }
            self.step(id, &step.action);
            for inner in step.action.bodies() {
                self.body(functions, id, inner);
            }
        }
    }

    // table
    fn step(&mut self, id: FunctionId, action: &Action) {
        match action {
            Action::Spawn { call, name, .. } => self.task(id, name, call.function),
            Action::Create {
                call,
                name: Some(name),
            } => self.task(id, name, call.function),
            Action::SpawnBlocking {
                work: Work::Function(call),
                name: Some(name),
                ..
            } => self.task(id, name, call.function),
            Action::Await { name, into } => {
                let task = self.tasks.get(&(id, name.clone()));
                let kind = task.and_then(|task| self.result(*task));
                self.learn(id, into.as_ref(), kind.unwrap_or_default());
            }
            Action::Call { call, into } | Action::BlockOn { call, into, .. } => {
                self.learn(id, into.as_ref(), self.returned(call));
            }
            Action::Gather { calls, into } | Action::Join { calls, into } => {
                for (call, into) in calls.iter().zip(into) {
                    self.learn(id, Some(into), self.returned(call));
                }
            }
            Action::AsCompleted { calls, into, .. } => {
                for call in calls {
                    self.learn(id, into.as_ref(), self.returned(call));
                }
            }
            Action::Read { variable, into } => {
                let kind = self.expression(id, &Expression::Variable(*variable));
                self.learn(id, Some(into), kind);
            }
            Action::Send { channel, value } => {
                let kind = self.expression(id, value);
                if let Some(known) = self.channels.get_mut(channel.index()) {
                    *known = kind.max(*known);
                }
            }
            Action::Receive { channel, into } => {
                let kind = self.channels.get(channel.index());
                self.learn(id, into.as_ref(), kind.copied().unwrap_or_default());
            }
            Action::Respond(_) => {
                self.results.insert(id, Kind::Text);
            }
            Action::Return(Some(text)) => {
                let kind = self.text(id, text);
                let known = self.results.entry(id).or_default();
                *known = kind.max(*known);
            }
            _ => {}
        }
    }

    fn task(&mut self, id: FunctionId, name: &str, function: FunctionId) {
        self.tasks.insert((id, name.to_owned()), function);
    }
}
