//! A mistake in a scenario file: place, line, what was expected, cure.

use std::fmt;
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
    /// Counted from 1.
    pub line: usize,
    /// Counted in characters from 1.
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
    /// All of them for a terminal, with the lines that they are about.
    pub fn render(&self, _color: bool) -> String {
        String::new()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}
