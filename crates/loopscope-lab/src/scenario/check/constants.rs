//! What a value or a length is whenever a step looks at it, where the file alone tells: a variable that no step
//! writes keeps its value.

use std::collections::BTreeSet;

use crate::scenario::model::expression::{Expression, Length, Value};
use crate::scenario::model::scenario::all_steps;
use crate::scenario::model::step::Action;
use crate::scenario::resolve::program::Program;

/// The values that never change.
#[derive(Debug)]
pub(crate) struct Constants<'a> {
    program: &'a Program,
    /// The variables that some step writes.
    written: BTreeSet<usize>,
}

impl<'a> Constants<'a> {
    pub(crate) fn new(program: &'a Program) -> Self {
        let written = all_steps(&program.functions).filter_map(|step| match &step.action {
            Action::Write { variable, .. } => Some(variable.index()),
            _ => None,
        });
        Self {
            program,
            written: written.collect(),
        }
    }

    /// Whether a length is not surely zero.
    pub(crate) fn is_long(&self, length: Option<&Length>) -> bool {
        match length {
            None => true,
            Some(Length::Fixed(length)) => length.0 > 0,
            Some(Length::Of { value, .. }) => {
                self.value(value).is_none_or(|value| value.number() > 0)
            }
        }
    }

    /// A value that is the same whenever it is looked at.
    pub(crate) fn value(&self, expression: &Expression) -> Option<Value> {
        match expression {
            Expression::Integer(number) => Some(Value::Integer(*number)),
            Expression::Text(text) => Some(Value::Text(text.clone())),
            Expression::Variable(id) if self.written.contains(&id.index()) => None,
            Expression::Variable(id) => {
                let variable = self.program.names.variables.get(id.index())?;
                Some(Value::written(&variable.initial))
            }
            Expression::Local(_) => None,
            Expression::Binary(left, operator, right) => {
                Some(operator.apply(&self.value(left)?, &self.value(right)?))
            }
        }
    }
}
