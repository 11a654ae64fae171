//! The mistakes of one text, each with its place, its line, what was expected, and a cure.

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

/// Collects the mistakes of one text and knows which line a byte is on.
#[derive(Debug)]
pub(crate) struct Finder<'a> {
    source: &'a str,
    line_starts: Vec<usize>,
    list: Vec<Diagnostic>,
    found: usize,
}

/// How many mistakes are kept: a file that is wrong throughout is no scenario at all.
const MOST: usize = 200;

impl<'a> Finder<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        let line_starts = std::iter::once(0)
            .chain(source.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            source,
            line_starts,
            list: Vec::new(),
            found: 0,
        }
    }

    pub(crate) fn source(&self) -> &'a str {
        self.source
    }

    /// The line of a byte, counted from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at)
    }

    /// A mistake at `span`.
    pub(crate) fn add(&mut self, code: &'static str, span: Range<usize>, message: String) {
        self.push(code, span, message, None);
    }

    /// A mistake at `span`, and its cure.
    pub(crate) fn help(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: String,
        help: impl Into<String>,
    ) {
        self.push(code, span, message, Some(help.into()));
    }

    /// A mistake that is not in the file: a knob's value, a speed.
    pub(crate) fn outside(&mut self, code: &'static str, message: String, help: Option<String>) {
        self.found += 1;
        self.list.push(Diagnostic {
            code,
            message,
            span: 0..0,
            line: 0,
            column: 0,
            help,
        });
    }

    fn push(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: String,
        help: Option<String>,
    ) {
        self.found += 1;
        if self.list.len() >= MOST {
            return;
        }
        let start = floor(self.source, span.start);
        let end = floor(self.source, span.end.max(start));
        let line = self.line(start);
        let line_start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        self.list.push(Diagnostic {
            code,
            message,
            span: start..end,
            line,
            column: self.source[line_start..start].chars().count() + 1,
            help,
        });
    }

    /// Whether a mistake in this line is known already.
    pub(crate) fn knows(&self, line: usize) -> bool {
        self.list.iter().any(|found| found.line == line)
    }

    /// How many mistakes there are so far.
    pub(crate) fn count(&self) -> usize {
        self.found
    }

    /// All mistakes by place; each place and code only once.
    pub(crate) fn finish(mut self, path: &str) -> Problems {
        self.list
            .sort_by_key(|found| (found.span.start, found.span.end));
        self.list
            .dedup_by(|a, b| a.span == b.span && a.message == b.message);
        let more = self.found.saturating_sub(MOST);
        if more > 0 {
            let help = Some(format!("and {more} more: is this file a scenario?"));
            if let Some(last) = self.list.last_mut() {
                last.help = help;
            }
        }
        Problems {
            path: path.to_owned(),
            source: self.source.to_owned(),
            list: self.list,
        }
    }
}

/// The nearest start of a character at or before `at`.
fn floor(source: &str, at: usize) -> usize {
    source.floor_char_boundary(at)
}
