//! Which values are numbers and which are strings: Rust must say, and both put them together.

use std::collections::BTreeMap;

use loopscope_trace::{FunctionId, Story};

use crate::scenario::model::expression::{Call, Expression, Operator, Part, Text};
use crate::scenario::model::parts::Source;
use crate::scenario::model::scenario::{Function, Start};
use crate::scenario::model::step::{Action, Step};

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

    fn learn(&mut self, function: FunctionId, name: &str, kind: Kind) {
        let known = self.locals.entry((function, name.to_owned())).or_default();
        *known = kind.max(*known);
    }

    fn arguments(&mut self, functions: &[Function], call: &Call, caller: FunctionId) {
        let Some(called) = functions.get(call.function.index()) else {
            return;
        };
        for (name, value) in called.params.iter().zip(&call.arguments) {
            let kind = self.expression(caller, value);
            self.learn(called.id, name, kind);
        }
    }

    fn body(&mut self, functions: &[Function], id: FunctionId, body: &[Step]) {
        for step in body {
            let parts = step.action.parts();
            for call in parts.calls {
                self.arguments(functions, call, id);
            }
            if let Some((name, function)) = parts.starts {
                self.tasks.insert((id, name.to_owned()), function);
            }
            for (name, source) in parts.locals {
                let kind = self.given(id, source);
                self.learn(id, name, kind);
            }
            self.handed_on(id, &step.action);
            for inner in parts.bodies {
                self.body(functions, id, inner);
            }
        }
    }

    /// The kind of what a local gets.
    fn given(&self, id: FunctionId, source: Source<'_>) -> Kind {
        let kind = match source {
            Source::Call(call) => self.result(call.function),
            Source::Task(name) => {
                let task = self.tasks.get(&(id, name.to_owned()));
                task.and_then(|task| self.result(*task))
            }
            Source::Variable(variable) => self.variables.get(variable.index()).copied(),
            Source::Number => Some(Kind::Integer),
            Source::Channel(channel) => self.channels.get(channel.index()).copied(),
            Source::Error => Some(Kind::Text),
        };
        kind.unwrap_or_default()
    }

    /// The kinds of what a step hands to others: through a channel, or as the function's result.
    fn handed_on(&mut self, id: FunctionId, action: &Action) {
        match action {
            Action::Send { channel, value, .. } => {
                let kind = self.expression(id, value);
                if let Some(known) = self.channels.get_mut(channel.index()) {
                    *known = kind.max(*known);
                }
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
}
