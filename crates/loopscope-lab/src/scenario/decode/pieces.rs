//! Texts, expressions and calls as the file has them: names are not resolved yet, knobs are.

use std::ops::Range;

use crate::scenario::model::expression::{Operator, Value};

/// An expression whose names are not resolved yet, save those of knobs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Value(Value),
    /// A name, and the bytes of the file at which it stands.
    Name(String, Range<usize>),
    Binary(Box<Tree>, Operator, Box<Tree>),
}

/// A text with expressions in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template(pub(crate) Vec<Piece>);

/// A piece of a text.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Words(String),
    Value(Tree),
}

/// A call whose names are not resolved yet.
#[derive(Clone, Debug)]
pub(crate) struct CallText {
    pub(crate) name: String,
    /// The bytes of the name.
    pub(crate) span: Range<usize>,
    /// Each argument, and its bytes.
    pub(crate) arguments: Vec<(Tree, Range<usize>)>,
}

/// Where a string of the file stands, and, if no escapes are in it, each of its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    span: Range<usize>,
    first: Option<usize>,
}

impl Origin {
    /// `text` is what the string at `span` says.
    pub(crate) fn new(source: &str, span: &Range<usize>, text: &str) -> Self {
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
    pub(crate) fn at(&self, bytes: Range<usize>) -> Range<usize> {
        self.first.map_or(self.span.clone(), |first| {
            first + bytes.start..first + bytes.end
        })
    }
}

impl Template {
    /// The text, where nothing in it has to be worked out while the scenario runs.
    pub(crate) fn fixed(&self) -> Option<String> {
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

impl Tree {
    /// The names in it, and where they stand.
    pub(crate) fn names(&self) -> Vec<(&str, &Range<usize>)> {
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
