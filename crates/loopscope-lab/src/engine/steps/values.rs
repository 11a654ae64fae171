//! The values of texts, figures and conditions when their step is reached.

use loopscope_trace::{Nanos, StepId, TextId};

use crate::engine::steps::context::Context;
use crate::engine::steps::flow::nothing;
use crate::engine::steps::frame::Frame;
use crate::scenario::model::expression::{Call, Expression, Length, Part, Text, Value};

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
        match expression {
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
        }
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
        }
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
