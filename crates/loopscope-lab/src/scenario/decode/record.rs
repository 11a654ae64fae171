//! A table of the file after it was held against its row of keys: values by key, with their places.

use std::ops::Range as Span;

use loopscope_trace::{Anchor, Nanos, Range};

use crate::scenario::model::expression::{self, Operator};
use crate::scenario::schema::row::StepRow;

/// An expression whose names are not resolved yet, save those of knobs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Value(expression::Value),
    /// A name, and the bytes of the file at which it stands.
    Name(String, Span<usize>),
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
    pub(crate) span: Span<usize>,
    /// Each argument, and its bytes.
    pub(crate) arguments: Vec<(Tree, Span<usize>)>,
}

/// Where a string of the file stands, and, if no escapes are in it, each of its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    span: Span<usize>,
    first: Option<usize>,
}

impl Origin {
    /// `text` is what the string at `span` says.
    pub(crate) fn new(source: &str, span: &Span<usize>, text: &str) -> Self {
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
    pub(crate) fn at(&self, bytes: Span<usize>) -> Span<usize> {
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
    pub(crate) fn names(&self) -> Vec<(&str, &Span<usize>)> {
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

/// A value of the right kind.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Length(Nanos),
    Number(i64),
    Pace(f64),
    Flag(bool),
    Lines(Vec<(String, Span<usize>)>),
    Steps(Vec<StepRecord>),
    Range(Range),
    Anchor(Anchor),
    Template(Template),
    Wait(Wait),
    Forever,
    Call(CallText),
    Calls(Vec<CallText>),
    Figures(Vec<(String, Span<usize>, Range)>),
    Rows(Vec<Record>),
    Row(Record),
}

/// How long something takes; it may be known only while the scenario runs.
#[derive(Clone, Debug)]
pub(crate) enum Wait {
    Fixed(Nanos),
    Of(Tree, Nanos),
}

/// A table whose keys are all known and whose values are all of the right kind; what was wrong is
/// left out and has been reported.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) span: Span<usize>,
    pub(crate) values: Vec<(&'static str, Span<usize>, Value)>,
}

/// One step of a body.
#[derive(Clone, Debug)]
pub(crate) struct StepRecord {
    pub(crate) row: &'static StepRow,
    pub(crate) record: Record,
}

impl Record {
    /// The value of `key`.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        let found = self.values.iter().find(|(name, _, _)| *name == key);
        found.map(|(_, _, value)| value)
    }

    /// Where the value of `key` stands; the whole table if it has none.
    pub(crate) fn at(&self, key: &str) -> Span<usize> {
        let found = self.values.iter().find(|(name, _, _)| *name == key);
        found.map_or(self.span.clone(), |(_, span, _)| span.clone())
    }

    /// The tables of `key`; none where it is missing.
    pub(crate) fn rows(&self, key: &str) -> &[Self] {
        match self.get(key) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }

    /// The calls of `key`; none where it is missing.
    pub(crate) fn calls(&self, key: &str) -> &[CallText] {
        match self.get(key) {
            Some(Value::Calls(calls)) => calls,
            _ => &[],
        }
    }

    /// The names and figures of `key`; none where it is missing.
    pub(crate) fn figures(&self, key: &str) -> &[(String, Span<usize>, Range)] {
        match self.get(key) {
            Some(Value::Figures(figures)) => figures,
            _ => &[],
        }
    }

    /// The bodies in it, those of branches included.
    pub(crate) fn bodies(&self) -> Vec<&[StepRecord]> {
        let values = self.values.iter();
        let bodies = values.flat_map(|(_, _, value)| match value {
            Value::Steps(steps) => vec![steps.as_slice()],
            Value::Rows(rows) => rows.iter().flat_map(Self::bodies).collect(),
            _ => Vec::new(),
        });
        bodies.collect()
    }
}

/// Readers of a value by its key; nothing where the key is missing or has a value of another kind.
macro_rules! readers {
    ($($name:ident: $kind:ident($value:ident) -> $read:ty = $found:expr;)*) => {
        impl Record {
            $(pub(crate) fn $name(&self, key: &str) -> Option<$read> {
                match self.get(key) {
                    Some(Value::$kind($value)) => Some($found),
                    _ => None,
                }
            })*
        }
    };
}

readers! {
    text: Text(text) -> &str = text;
    length: Length(length) -> Nanos = *length;
    number: Number(number) -> i64 = *number;
    pace: Pace(pace) -> f64 = *pace;
    flag: Flag(flag) -> bool = *flag;
    range: Range(range) -> Range = *range;
    row: Row(row) -> &Record = row;
    steps: Steps(steps) -> &[StepRecord] = steps;
    lines: Lines(lines) -> &[(String, Span<usize>)] = lines;
    template: Template(template) -> &Template = template;
    wait: Wait(wait) -> &Wait = wait;
    call: Call(call) -> &CallText = call;
}
