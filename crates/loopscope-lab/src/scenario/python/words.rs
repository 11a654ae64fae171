//! Values, texts and lengths, as Python writes them.

use loopscope_trace::FunctionId;

use crate::scenario::decode::figure::decimal;
use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::{Program, is_compound};
use crate::scenario::listing::quoted::Said;
use crate::scenario::listing::tokens::{escaped, formatted};
use crate::scenario::listing::types::Kind;
use crate::scenario::model::expression::{Call, Expression, Length, Operator, Part, Text};
use crate::scenario::model::scenario::Function;
use crate::scenario::model::step::{self, Action, Step, Work};

/// A string as it stands in a program.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// The arguments of a call that `caller` makes.
pub(crate) fn arguments(program: &Program<'_>, call: &Call, caller: FunctionId) -> Vec<String> {
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
pub(crate) const fn sign(operator: Operator) -> &'static str {
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
    pub(crate) fn value(&self, value: &Expression) -> String {
        expression(self.program, self.function.id, value, '"')
    }

    pub(crate) fn arguments(&self, call: &Call) -> Vec<String> {
        arguments(self.program, call, self.function.id)
    }

    /// `f(1, "a")`
    pub(crate) fn invoked(&self, call: &Call) -> String {
        let name = self.program.name(call.function);
        format!("{name}({})", self.arguments(call).join(", "))
    }

    /// A text that is one value only.
    pub(crate) fn lone(&self, text: &Text) -> Option<String> {
        match text.0.as_slice() {
            [Part::Value(only)] => Some(self.value(only)),
            _ => None,
        }
    }

    /// A text between quotes; with values in it, as a format.
    pub(crate) fn said(&self, text: &Text) -> Said {
        if let Some(words) = text.words() {
            return Said {
                text: escaped(words),
                format: false,
            };
        }
        let mut said = String::new();
        for part in &text.0 {
            match part {
                Part::Words(words) => said.push_str(&formatted(words)),
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
    pub(crate) fn seconds(&self, length: &Length) -> String {
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

/// Writes one function.
#[derive(Debug)]
pub(crate) struct Writer<'a, 'p> {
    pub(crate) program: &'a Program<'a>,
    pub(crate) page: &'p mut Page,
    pub(crate) function: &'a Function,
    /// What is written runs on a loop, not on a thread of a pool.
    pub(crate) on_loop: bool,
    /// How many bodies for a child process have been written.
    pub(crate) children: usize,
}

/// Whether a job of several steps sends something: only the loop may touch its queues.
pub(crate) fn sends_from_pool(body: &[Step]) -> bool {
    step::any(body, |action| match action {
        Action::SpawnBlocking {
            work: Work::Inline(steps),
            ..
        } => step::any(steps, |action| matches!(action, Action::Send { .. })),
        _ => false,
    })
}

/// One step that can be handed on with its argument, and how the call itself is written.
pub(crate) fn simple(steps: &[Step], page: &Page) -> Option<(Vec<String>, String)> {
    let [only] = steps else {
        return None;
    };
    let (function, length) = match &only.action {
        Action::Block(length) => ("time.sleep", length),
        Action::Cpu(length) => ("compute", length),
        _ => return None,
    };
    let seconds = decimal(length.fixed()?.0, 1_000_000_000);
    let seconds = format!("{seconds}{}", page.pace);
    let words = format!("{function}({seconds})");
    Some((vec![function.to_owned(), seconds], words))
}

/// `x = `, where the result goes into a local.
pub(crate) fn kept(into: Option<&str>) -> String {
    into.map_or_else(String::new, |into| format!("{into} = "))
}

/// `a, b = `
pub(crate) fn kept_all(into: &[String]) -> String {
    match into {
        [] => String::new(),
        [only] => format!("[{only}] = "),
        all => format!("{} = ", all.join(", ")),
    }
}
