//! Draws mistakes with the lines that they are about, whatever those lines hold.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use loopscope_trace::plain;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::scenario::text::finder::{Diagnostic, Problems};

/// How many columns of a line are shown; of a longer one the part around the mistake.
const COLUMNS: usize = 100;

/// The renderer cuts a line itself, and keeps its columns right; from this length on that is slow.
const LONG: usize = 2_000;

fn render(problems: &Problems, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.term_width(COLUMNS);
    let path = plain(&problems.path);
    let mut text = String::new();
    for found in &problems.list {
        text.push_str(&one(found, &problems.source, &path, &renderer));
        text.push_str("\n\n");
    }
    let count = problems.list.len();
    let noun = if count == 1 { "mistake" } else { "mistakes" };
    text.push_str(&format!("{path}: {count} {noun}\n"));
    text
}

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

/// The beginning of `text` in this many columns; `…` stands for the rest.
pub(crate) fn head(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for cluster in text.graphemes(true) {
        if kept.width() + cluster.width() >= columns {
            break;
        }
        kept.push_str(cluster);
    }
    kept.push('…');
    kept
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
        render(self, color)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}
