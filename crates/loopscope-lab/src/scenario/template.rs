//! Reads `{…}` in texts, and calls such as `work(1, {x})`; names are only collected here, and
//! resolved where it is known which of them are there.

use std::ops::Range;

use super::diagnostic::Finder;
use super::knob::Knobs;
use super::parse::{self, Mistake};
use super::{Operator, Value};

/// An expression whose names are not resolved yet, save those of knobs.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Value(Value),
    /// A name, and the bytes of the file at which it stands.
    Name(String, Range<usize>),
    Binary(Box<Tree>, Operator, Box<Tree>),
}

/// An expression as it is written.
#[derive(Debug)]
pub(super) enum Raw {
    Integer(i64),
    Text(String),
    Name(String, Range<usize>),
    Binary(Box<Raw>, Operator, Box<Raw>),
}

/// A text with expressions in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Template(pub(super) Vec<Piece>);

/// A piece of a text.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Words(String),
    Value(Tree),
}

/// A call whose names are not resolved yet.
#[derive(Clone, Debug)]
pub(super) struct CallText {
    pub(super) name: String,
    /// The bytes of the name.
    pub(super) span: Range<usize>,
    /// Each argument, and its bytes.
    pub(super) arguments: Vec<(Tree, Range<usize>)>,
}

/// Where a string of the file stands, and, if no escapes are in it, each of its bytes.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    span: Range<usize>,
    first: Option<usize>,
}

impl Origin {
    /// `text` is what the string at `span` says.
    pub(super) fn new(source: &str, span: &Range<usize>, text: &str) -> Self {
        let written = source.get(span.clone()).unwrap_or_default();
        let quotes = ["\"\"\"", "'''", "\"", "'"];
        let first = quotes.iter().find_map(|quote| {
            let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
            (inner == text).then_some(span.start + quote.len())
        });
        Self {
            span: span.clone(),
            first,
        }
    }

    /// The bytes of the file behind those of the string.
    pub(super) fn at(&self, bytes: Range<usize>) -> Range<usize> {
        self.first.map_or(self.span.clone(), |first| {
            first + bytes.start..first + bytes.end
        })
    }
}

/// Reads `text`. Knobs become their values at once. A brace that begins no expression, as in
/// JSON, stays; `{{` and `}}` stand for braces.
pub(super) fn template(
    text: &str,
    origin: &Origin,
    knobs: &Knobs,
    finder: &mut Finder<'_>,
) -> Template {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(['{', '}']) {
        words.push_str(&text[at..at + found]);
        at += found;
        let rest = &text[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            words.push_str(&rest[..1]);
            at += 2;
            continue;
        }
        match parse::braces(rest) {
            None => {
                words.push_str(&rest[..1]);
                at += 1;
            }
            Some(Ok((raw, length))) => {
                let tree = raw.place(origin, at, knobs);
                if !words.is_empty() {
                    pieces.push(Piece::Words(std::mem::take(&mut words)));
                }
                pieces.push(Piece::Value(tree));
                at += length;
            }
            Some(Err((mistake, length))) => {
                report(mistake, origin, at, finder);
                at += length;
            }
        }
    }
    words.push_str(&text[at..]);
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    Template(pieces)
}

/// Reads `work` or `work(1, 'x', {y})`.
pub(super) fn call(
    text: &str,
    origin: &Origin,
    knobs: &Knobs,
    finder: &mut Finder<'_>,
) -> Option<CallText> {
    match parse::call(text) {
        Ok((name, arguments)) => Some(CallText {
            name: text[name.clone()].to_owned(),
            span: origin.at(name),
            arguments: arguments
                .into_iter()
                .map(|(raw, bytes)| (raw.place(origin, 0, knobs), origin.at(bytes)))
                .collect(),
        }),
        Err(mistake) => {
            report(mistake, origin, 0, finder);
            None
        }
    }
}

fn report(mistake: Mistake, origin: &Origin, at: usize, finder: &mut Finder<'_>) {
    let bytes = mistake.at.start + at..mistake.at.end + at;
    finder.help(
        "expression",
        origin.at(bytes),
        mistake.message,
        mistake.help,
    );
}

impl Template {
    /// The text, where nothing in it has to be worked out while the scenario runs.
    pub(super) fn fixed(&self) -> Option<String> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Value(Tree::Value(value)) => text.push_str(&value.to_string()),
                Piece::Value(_) => return None,
            }
        }
        Some(text)
    }
}

impl Raw {
    /// Puts the knobs' values in and reckons what can be reckoned; each name learns where in the
    /// file it stands.
    pub(super) fn place(self, origin: &Origin, at: usize, knobs: &Knobs) -> Tree {
        match self {
            Self::Integer(number) => Tree::Value(Value::Integer(number)),
            Self::Text(text) => Tree::Value(Value::Text(text)),
            Self::Name(name, bytes) => match knobs.value(&name) {
                Some(number) => Tree::Value(Value::Integer(number)),
                None => Tree::Name(name, origin.at(bytes.start + at..bytes.end + at)),
            },
            Self::Binary(left, operator, right) => {
                let left = left.place(origin, at, knobs);
                let right = right.place(origin, at, knobs);
                match (&left, &right) {
                    (Tree::Value(a), Tree::Value(b)) => Tree::Value(operator.apply(a, b)),
                    _ => Tree::Binary(Box::new(left), operator, Box::new(right)),
                }
            }
        }
    }
}

impl Tree {
    /// The names in it, and where they stand.
    pub(super) fn names(&self) -> Vec<(&str, &Range<usize>)> {
        match self {
            Self::Value(_) => Vec::new(),
            Self::Name(name, span) => vec![(name, span)],
            Self::Binary(left, _, right) => {
                let mut names = left.names();
                names.extend(right.names());
                names
            }
        }
    }
}
