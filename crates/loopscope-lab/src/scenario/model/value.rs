//! What an expression comes to while a scenario runs: a whole number or a string.

use std::fmt;

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
