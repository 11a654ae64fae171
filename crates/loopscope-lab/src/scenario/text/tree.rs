//! The TOML text as a tree in which every key and value still knows its place.

use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use crate::scenario::text::finder::Finder;

/// An opening bracket without its closing one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    /// The byte at which it stands.
    pub(crate) at: usize,
    /// `[` or `{`.
    pub(crate) bracket: char,
    /// The byte of the bracket that closes something further out, where there is one.
    pub(crate) before: Option<usize>,
}

impl Open {
    /// What is missing.
    pub(crate) fn closing(self) -> char {
        if self.bracket == '{' { '}' } else { ']' }
    }
}

/// The first bracket of `text` that is never closed; strings and comments are jumped over.
fn first_open(text: &str) -> Option<Open> {
    let bytes = text.as_bytes();
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'#' => at += bytes[at..].iter().take_while(|b| **b != b'\n').count(),
            b'"' | b'\'' => at += string(&bytes[at..]),
            b'[' | b'{' => {
                open.push((at, *byte as char));
                at += 1;
            }
            b']' | b'}' => {
                let opener = if *byte == b']' { '[' } else { '{' };
                match open.pop() {
                    Some((_, bracket)) if bracket == opener => {}
                    Some((place, bracket)) => {
                        return Some(Open {
                            at: place,
                            bracket,
                            before: Some(at),
                        });
                    }
                    None => return None,
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    open.last().map(|(at, bracket)| Open {
        at: *at,
        bracket: *bracket,
        before: None,
    })
}

/// The length of the string that `bytes` begins with; one on a single line ends with its line.
fn string(bytes: &[u8]) -> usize {
    let quote = bytes[0];
    let long = bytes.starts_with(&[quote; 3]);
    let mut at = if long { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 2,
            b'\n' if !long => return at,
            _ if long && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            byte if !long && *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    at.min(bytes.len())
}

pub(crate) type Span = Range<usize>;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) value: Value,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Integer(Option<i64>),
    Real(f64),
    Flag(bool),
    Date,
    List(Vec<Node>),
    Table(Table),
}

/// Keys and values in the order of their places.
pub(crate) type Table = Vec<(Key, Node)>;

/// A key and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) span: Span,
}

impl Node {
    /// What it is, for "expected …, found …".
    pub(crate) fn found(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Real(_) => "a number",
            Value::Flag(_) => "true or false",
            Value::Date => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// Parses `finder`'s text; goes on after mistakes as well as it can. The second result says
/// whether the text was right.
pub(crate) fn parse(finder: &mut Finder<'_>) -> (Table, bool) {
    let source = finder.source();
    let (whole, errors) = DeTable::parse_recoverable(source);
    if errors.is_empty() {
        return (table(whole.get_ref(), 0), true);
    }
    if !errors
        .iter()
        .any(|error| error.message().contains("unclosed"))
    {
        report(finder, 0, &errors);
        return (table(whole.get_ref(), 0), false);
    }
    // One open bracket would swallow the rest of the file, and everything after it would be
    // called wrong. So each part that begins with a header is parsed for itself.
    let mut merged = Table::new();
    for part in parts(source) {
        let text = &source[part.clone()];
        let (parsed, errors) = DeTable::parse_recoverable(text);
        match first_open(text) {
            Some(open) if !errors.is_empty() => {
                let at = part.start + open.at;
                let bracket = open.bracket;
                let message = format!("this `{bracket}` is never closed");
                let help = match open.before {
                    Some(before) => format!(
                        "add `{}` before the `{}` in line {}",
                        open.closing(),
                        &text[before..=before],
                        finder.line(part.start + before)
                    ),
                    None => format!("add `{}`", open.closing()),
                };
                finder.help("syntax", at..at + 1, message, help);
            }
            _ => report(finder, part.start, &errors),
        }
        merge(&mut merged, table(parsed.get_ref(), part.start));
    }
    (merged, false)
}

/// The parser's own mistakes, one a line: what follows on the same line is mostly an echo.
fn report(finder: &mut Finder<'_>, offset: usize, errors: &[toml::de::Error]) {
    let mut errors: Vec<(Span, &str)> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            (span.start + offset..span.end + offset, error.message())
        })
        .collect();
    errors.sort_by_key(|(span, _)| span.start);
    let mut last_line = 0;
    for (span, message) in errors {
        let line = finder.line(span.start);
        if line != last_line {
            let text = format!("not TOML: {message}");
            if message.starts_with("string values must be quoted") {
                finder.help(
                    "syntax",
                    span,
                    text,
                    "write words and durations in quotes: \"5s\"",
                );
            } else {
                finder.add("syntax", span, text);
            }
        }
        last_line = line;
    }
}

/// The stretches of the text that begin with a table's header.
fn parts(source: &str) -> Vec<Span> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let header = line.trim_end();
        if header.starts_with('[') && header.contains(']') && !header.contains(['{', ',', '"']) {
            starts.push(at);
        }
        at += line.len();
    }
    starts.push(source.len());
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// Adds the tables of one part to those before it.
fn merge(all: &mut Table, more: Table) {
    for (key, node) in more {
        let known = all.iter_mut().find(|(other, _)| other.name == key.name);
        match (known.map(|(_, node)| &mut node.value), node.value) {
            (Some(Value::List(list)), Value::List(items)) => list.extend(items),
            (Some(Value::Table(table)), Value::Table(entries)) => merge(table, entries),
            (Some(_), _) => {}
            (None, value) => all.push((
                key,
                Node {
                    span: node.span,
                    value,
                },
            )),
        }
    }
}

fn table(table: &DeTable<'_>, offset: usize) -> Table {
    let mut entries: Table = table
        .iter()
        .map(|(key, value)| {
            let key = Key {
                name: key.get_ref().to_string(),
                span: shift(key.span(), offset),
            };
            (key, node(value, offset))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.span.start);
    entries
}

fn node(value: &Spanned<DeValue<'_>>, offset: usize) -> Node {
    let kind = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => {
            Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok())
        }
        DeValue::Float(number) => Value::Real(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(items) => Value::List(items.iter().map(|item| node(item, offset)).collect()),
        DeValue::Table(entries) => Value::Table(self::table(entries, offset)),
    };
    Node {
        span: shift(value.span(), offset),
        value: kind,
    }
}

fn shift(span: Span, by: usize) -> Span {
    span.start + by..span.end + by
}
