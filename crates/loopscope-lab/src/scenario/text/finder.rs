//! The mistakes of one text, each with its place, its line, what was expected, and a cure; and how they are
//! drawn with the lines that they are about, whatever those lines hold.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use loopscope_trace::plain;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::scenario::text::words::{self, head};

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

/// How many columns of a line are shown; of a longer one the part around the mistake.
const COLUMNS: usize = 100;

/// The renderer cuts a line itself, and keeps its columns right; from this length on that is slow.
const LONG: usize = 2_000;

fn one(found: &Diagnostic, source: &str, path: &str, renderer: &Renderer) -> String {
    let title = Level::ERROR
        .primary_title(plain(&found.message))
        .id(found.code);
    let mut group = Group::with_title(title);
    if found.line > 0 {
        let (window, span, whole) = window(source, &found.span);
        let annotation = AnnotationKind::Primary.span(span);
        let snippet = Snippet::source(window)
            .line_start(found.line)
            .annotation(annotation);
        group = if whole {
            group.element(snippet.path(path.to_owned()))
        } else {
            // The column in the window is not the one in the file.
            let origin = Origin::path(path.to_owned())
                .line(found.line)
                .char_column(found.column);
            group.element(origin).element(snippet)
        };
    }
    if let Some(help) = &found.help {
        group = group.element(Level::HELP.message(plain(help).into_owned()));
    }
    renderer.render(&[group])
}

/// The line of `span` in a form that is safe to print, the span's place in it, and whether it is
/// the whole line: of a very long one it is the part around the span. A span over several lines is
/// marked up to the end of its first.
fn window(source: &str, span: &Range<usize>) -> (String, Range<usize>, bool) {
    let start = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = source[span.start..]
        .find('\n')
        .map_or(source.len(), |at| span.start + at);
    let line = source[start..end].trim_end_matches('\r');
    let from = (span.start - start).min(line.len());
    let to = (span.end - start).clamp(from, line.len());
    let (before, marked, after) = (&line[..from], &line[from..to], &line[to..]);
    if line.len() <= LONG {
        let (before, marked) = (plain(before), plain(marked));
        let place = before.len()..before.len() + marked.len();
        return (format!("{before}{marked}{}", plain(after)), place, true);
    }
    let marked = head(&plain(marked), COLUMNS / 2);
    let before = tail(&plain(before), COLUMNS / 2);
    let room = COLUMNS.saturating_sub(before.width() + marked.width());
    let after = head(&plain(after), room.max(10));
    let place = before.len()..before.len() + marked.len();
    (format!("{before}{marked}{after}"), place, false)
}

fn tail(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut width = 1;
    for cluster in text.graphemes(true).rev() {
        width += cluster.width();
        if width > columns {
            break;
        }
        kept.push(cluster);
    }
    kept.reverse();
    format!("…{}", kept.concat())
}

impl Problems {
    /// All of them for a terminal, with the lines that they are about. Nothing of the file's own
    /// control characters gets through.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.term_width(COLUMNS);
        let path = plain(&self.path);
        let mut text = String::new();
        for found in &self.list {
            text.push_str(&one(found, &self.source, &path, &renderer));
            text.push_str("\n\n");
        }
        text.push_str(&format!(
            "{path}: {}\n",
            words::count(self.list.len() as u64, "mistake")
        ));
        text
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}
