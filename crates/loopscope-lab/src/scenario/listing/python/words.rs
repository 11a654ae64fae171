//! Values, texts and lengths, as Python writes them.

use super::Writer;
use crate::scenario::figure::decimal;
use crate::scenario::listing::page::Said;
use crate::scenario::listing::program::{Program, is_compound};
use crate::scenario::listing::tokens::escaped;
use crate::scenario::listing::types::Kind;
use crate::scenario::{Call, Expression, Length, Operator, Part, Text};
use loopscope_trace::FunctionId;

/// A string as it stands in a program.
pub(in crate::scenario::listing) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// The arguments of a call that `caller` makes.
pub(in crate::scenario::listing) fn arguments(
    program: &Program<'_>,
    call: &Call,
    caller: FunctionId,
) -> Vec<String> {
    let arguments = call.arguments.iter();
    arguments
        .map(|value| expression(program, caller, value, '"'))
        .collect()
}

/// A value; strings in it get these quotes.
fn expression(
    program: &Program<'_>,
    function: FunctionId,
    value: &Expression,
    quote: char,
) -> String {
    let kind = |value: &Expression| program.types.expression(function, value);
    let inner = |value: &Expression| expression(program, function, value, quote);
    match value {
        Expression::Integer(number) => number.to_string(),
        Expression::Text(text) if quote == '"' => quoted(text),
        Expression::Text(text) => {
            format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
        }
        Expression::Variable(id) => program.variable(*id).to_owned(),
        Expression::Local(name) => name.clone(),
        Expression::Binary(left, operator, right) => {
            // Python puts strings together with strings only.
            let joins = *operator == Operator::Add && kind(value) == Kind::Text;
            let side = |value: &Expression| match joins && kind(value) == Kind::Integer {
                true => format!("str({})", inner(value)),
                false => inner(value),
            };
            format!("{} {} {}", side(left), sign(*operator), side(right))
        }
    }
}

/// The sign of an operator; the same in Python and in Rust.
pub(in crate::scenario::listing) const fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "+",
        Operator::Subtract => "-",
        Operator::Equal => "==",
        Operator::NotEqual => "!=",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
    }
}

impl Writer<'_, '_> {
    pub(super) fn value(&self, value: &Expression) -> String {
        expression(self.program, self.function.id, value, '"')
    }

    pub(super) fn arguments(&self, call: &Call) -> Vec<String> {
        arguments(self.program, call, self.function.id)
    }

    /// `f(1, "a")`
    pub(super) fn invoked(&self, call: &Call) -> String {
        let name = self.program.name(call.function);
        format!("{name}({})", self.arguments(call).join(", "))
    }

    /// A text that is one value only.
    pub(super) fn lone(&self, text: &Text) -> Option<String> {
        match text.0.as_slice() {
            [Part::Value(only)] => Some(self.value(only)),
            _ => None,
        }
    }

    /// A text between quotes; with values in it, as a format.
    pub(super) fn said(&self, text: &Text) -> Said {
        if let Some(words) = text.words() {
            return Said {
                text: escaped(words),
                format: false,
            };
        }
        let mut said = String::new();
        for part in &text.0 {
            match part {
                Part::Words(words) => {
                    said.push_str(&escaped(words).replace('{', "{{").replace('}', "}}"));
                }
                Part::Value(value) => {
                    let value = expression(self.program, self.function.id, value, '\'');
                    said.push_str(&format!("{{{value}}}"));
                }
            }
        }
        Said {
            text: said,
            format: true,
        }
    }

    /// A length in seconds.
    pub(super) fn seconds(&self, length: &Length) -> String {
        let pace = &self.page.pace;
        match length {
            Length::Fixed(length) => format!("{}{pace}", decimal(length.0, 1_000_000_000)),
            Length::Of { value, unit } => {
                let text = self.value(value);
                let text = match is_compound(value) {
                    true => format!("({text})"),
                    false => text,
                };
                match 1_000_000_000 / unit.0.max(1) {
                    1 => format!("{text}{pace}"),
                    parts => format!("{text} / {parts}{pace}"),
                }
            }
        }
    }
}
