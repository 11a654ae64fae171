//! A mistake in a scenario file: place, line, what was expected, cure.

use std::ops::Range;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A short stable name: `unknown-step`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The bytes that it is about.
    pub span: Range<usize>,
    /// Counted from 1; 0 where the mistake is not in the file but in a choice.
    pub line: usize,
    /// Counted in characters from 1; 0 where the mistake is not in the file but in a choice.
    pub column: usize,
    /// What to do.
    pub help: Option<String>,
}

/// All mistakes of one file, in the order of their places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// The path as it was given.
    pub path: String,
    /// The text that they are about.
    pub source: String,
    /// The mistakes.
    pub list: Vec<Diagnostic>,
}

impl Problems {
    /// All of them for a program: a list of objects with path, line, column, code, message, help.
    pub fn to_json(&self) -> serde_json::Value {
        let list = self.list.iter().map(|found| {
            serde_json::json!({
                "path": self.path,
                "line": found.line,
                "column": found.column,
                "code": found.code,
                "message": found.message,
                "help": found.help,
            })
        });
        serde_json::Value::Array(list.collect())
    }
}
