//! Texts between quotes: a long one goes on in the next lines.

use loopscope_trace::Language;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::scenario::listing::page::{At, Page};

/// A text as it stands between quotes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quoted {
    /// Escaped for the language.
    pub(crate) text: String,
    /// Braces in it stand for values.
    pub(crate) format: bool,
}

impl Quoted {
    /// A text without values.
    pub(crate) fn plain(words: &str) -> Self {
        Self {
            text: escaped(words),
            format: false,
        }
    }
}

/// A string as it stands in a program.
pub(crate) fn literal(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

impl Page {
    /// A call whose first argument is a text: a long text goes on in the next lines. Where it is a
    /// format, its values stay whole.
    pub(crate) fn quoted(&mut self, level: usize, open: &str, quoted: &Quoted, close: &str) -> u32 {
        let (text, format) = (quoted.text.as_str(), quoted.format);
        let mark = self.prefix(quoted);
        let whole = format!("{open}{mark}\"{text}\"{close}");
        let room = self.room(level);
        if whole.width() <= room {
            return self.line(level, &whole);
        }
        let python = self.language == Language::Python;
        // Python joins texts that stand beside each other; Rust goes on after a backslash.
        let hang = if python { open.width() } else { self.unit };
        let first_room = room.saturating_sub(open.width() + mark.len() + 3);
        let next_room = room.saturating_sub(hang + mark.len() + close.width() + 2);
        if first_room < 6 || next_room < 6 {
            return self.line(level, &whole);
        }
        let mut rest = text;
        let mut first = 0;
        while !rest.is_empty() {
            let start = if first == 0 { open } else { "" };
            let hanging = " ".repeat(if first == 0 { 0 } else { hang });
            let room = if first == 0 { first_room } else { next_room };
            let piece = piece(rest, room, format);
            rest = &rest[piece.len()..];
            let quote = if python || first == 0 {
                format!("{mark}\"")
            } else {
                String::new()
            };
            let end = match (rest.is_empty(), python) {
                (true, _) => format!("\"{close}"),
                (false, true) => "\"".to_owned(),
                (false, false) => "\\".to_owned(),
            };
            let line = self.line(level, &format!("{hanging}{start}{quote}{piece}{end}"));
            if first == 0 {
                first = line;
            }
        }
        first
    }

    /// Writes a step with a text, as [`Self::quoted`] does.
    pub(crate) fn quoting(&mut self, at: At, open: &str, quoted: &Quoted, close: &str) {
        let line = self.quoted(at.level, open, quoted, close);
        let words = format!("{open}{}\"{}\"{close}", self.prefix(quoted), quoted.text);
        self.mark(at, line, &words);
    }

    /// What stands before the quotes of a text: Python marks a format.
    pub(crate) fn prefix(&self, quoted: &Quoted) -> &'static str {
        match (quoted.format, self.language) {
            (true, Language::Python) => "f",
            _ => "",
        }
    }
}

/// The beginning of an escaped text that fits into `room` columns, cut after a space if there is
/// one, never inside an escape, and never so that the rest begins with a space.
fn piece(text: &str, room: usize, format: bool) -> &str {
    if text.width() <= room {
        return text;
    }
    let mut end = 0;
    let mut width = 0;
    let mut after_space = None;
    let mut escaped = false;
    for (at, cluster) in text.grapheme_indices(true) {
        width += cluster.width();
        if width > room && end > 0 {
            break;
        }
        escaped = cluster == "\\" && !escaped;
        let next = at + cluster.len();
        let whole = !in_escape(&text[..next]) && (!format || !in_value(&text[..next]));
        if whole && !escaped && !text[next..].starts_with(' ') {
            end = next;
            if cluster == " " {
                after_space = Some(next);
            }
        }
    }
    let end = after_space.filter(|at| *at * 2 > end).unwrap_or(end);
    if end == 0 { text } else { &text[..end] }
}

/// Whether `text` ends inside `{{` or `\u{…}`, which must stay together.
fn in_escape(text: &str) -> bool {
    let open = text.len() - text.trim_end_matches('{').len();
    let close = text.len() - text.trim_end_matches('}').len();
    open % 2 == 1 || close % 2 == 1
}

/// Whether a format ends inside a value.
fn in_value(text: &str) -> bool {
    let text = text.replace("{{", "").replace("}}", "");
    text.matches('{').count() > text.matches('}').count()
}

/// A text as it stands in a format, where braces stand for values.
pub(crate) fn formatted(text: &str) -> String {
    escaped(text).replace('{', "{{").replace('}', "}}")
}

/// A text as it stands between quotes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
