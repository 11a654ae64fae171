//! Texts and expressions, and what they come to: the engine and the knobs reckon by one rule.

use std::fmt;

use loopscope_trace::{FunctionId, Nanos, VariableId};
use serde::{Deserialize, Serialize};

/// What something comes to while the scenario runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// A string.
    Text(String),
}

impl Value {
    /// What a text stands for: a whole number where it is one.
    pub(crate) fn written(text: &str) -> Self {
        match text.parse() {
            Ok(number) => Self::Integer(number),
            Err(_) => Self::Text(text.to_owned()),
        }
    }

    /// It as a number; a string counts as 0.
    pub const fn number(&self) -> i64 {
        match self {
            Self::Integer(number) => *number,
            Self::Text(_) => 0,
        }
    }

    /// Whether it holds as a condition: not 0, not the empty string.
    pub fn holds(&self) -> bool {
        match self {
            Self::Integer(number) => *number != 0,
            Self::Text(text) => !text.is_empty(),
        }
    }

    pub(crate) fn order(&self, other: &Self) -> std::cmp::Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Integer(_), Self::Text(_)) => std::cmp::Ordering::Less,
            (Self::Text(_), Self::Integer(_)) => std::cmp::Ordering::Greater,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A text with values in it.
#[derive(Clone, Debug, Default)]
pub struct Text(pub Vec<Part>);

/// A part of a text.
#[derive(Clone, Debug)]
pub enum Part {
    /// As it stands.
    Words(String),
    /// Worked out when the step is reached.
    Value(Expression),
}

/// Something with a value.
#[derive(Clone, Debug)]
pub enum Expression {
    /// A whole number.
    Integer(i64),
    /// A string.
    Text(String),
    /// A variable; looking at it is a read.
    Variable(VariableId),
    /// A local or a parameter.
    Local(String),
    /// Two values and what is done with them.
    Binary(Box<Expression>, Operator, Box<Expression>),
}

/// What is done with two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`; strings are put together.
    Add,
    /// `-`
    Subtract,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Text {
    /// A text without values.
    pub fn plain(words: &str) -> Self {
        Self(vec![Part::Words(words.to_owned())])
    }

    /// The values in it.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Expression> {
        self.0.iter().filter_map(|part| match part {
            Part::Words(_) => None,
            Part::Value(value) => Some(value),
        })
    }

    /// The whole text, where no value is in it.
    pub fn words(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Words(words)] => Some(words),
            _ => None,
        }
    }
}

impl Expression {
    /// Whether `wanted` holds for it or for a part of it.
    pub(crate) fn any(&self, wanted: &impl Fn(&Self) -> bool) -> bool {
        wanted(self)
            || match self {
                Self::Binary(left, _, right) => left.any(wanted) || right.any(wanted),
                Self::Integer(_) | Self::Text(_) | Self::Variable(_) | Self::Local(_) => false,
            }
    }
}

impl Operator {
    /// As it is written, in expressions and in both listings.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// What it makes of two values. Every pair has a result: nothing fails while a scenario runs.
    /// A string and anything are put together by `+`; where `-` needs a number a string counts
    /// as 0; a comparison is 1 or 0, and a number comes before every string.
    pub fn apply(self, left: &Value, right: &Value) -> Value {
        let holds = match self {
            Self::Add => {
                return match (left, right) {
                    (Value::Integer(a), Value::Integer(b)) => Value::Integer(a.saturating_add(*b)),
                    _ => Value::Text(format!("{left}{right}")),
                };
            }
            Self::Subtract => {
                return Value::Integer(left.number().saturating_sub(right.number()));
            }
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left.order(right).is_lt(),
            Self::LessOrEqual => left.order(right).is_le(),
            Self::Greater => left.order(right).is_gt(),
            Self::GreaterOrEqual => left.order(right).is_ge(),
        };
        Value::Integer(i64::from(holds))
    }
}

/// A function, and what it is called with.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function.
    pub function: FunctionId,
    /// One a parameter.
    pub arguments: Vec<Expression>,
}

/// A length of scenario time.
#[derive(Clone, Debug)]
pub enum Length {
    /// Known from the file.
    Fixed(Nanos),
    /// So many units, worked out when the step is reached.
    Of {
        /// How many.
        value: Expression,
        /// One of them: a second, a millisecond …
        unit: Nanos,
    },
}

impl Length {
    /// The length, where the file alone decides it.
    pub const fn fixed(&self) -> Option<Nanos> {
        match self {
            Self::Fixed(length) => Some(*length),
            Self::Of { .. } => None,
        }
    }
}
