//! A table of the file after it was held against its row of keys: values by key, with their places.

use std::ops::Range as Span;

use loopscope_trace::{Anchor, Nanos, Range};

use crate::scenario::decode::pieces::{CallText, Template, Tree};
use crate::scenario::schema::row::StepRow;

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

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn length(&self, key: &str) -> Option<Nanos> {
        match self.get(key) {
            Some(Value::Length(length)) => Some(*length),
            _ => None,
        }
    }

    pub(crate) fn number(&self, key: &str) -> Option<i64> {
        match self.get(key) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key) {
            Some(Value::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    pub(crate) fn pace(&self, key: &str) -> Option<f64> {
        match self.get(key) {
            Some(Value::Pace(pace)) => Some(*pace),
            _ => None,
        }
    }

    pub(crate) fn range(&self, key: &str) -> Option<Range> {
        match self.get(key) {
            Some(Value::Range(range)) => Some(*range),
            _ => None,
        }
    }

    pub(crate) fn rows(&self, key: &str) -> &[Record] {
        match self.get(key) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }

    pub(crate) fn row(&self, key: &str) -> Option<&Record> {
        match self.get(key) {
            Some(Value::Row(row)) => Some(row),
            _ => None,
        }
    }

    pub(crate) fn steps(&self, key: &str) -> Option<&[StepRecord]> {
        match self.get(key) {
            Some(Value::Steps(steps)) => Some(steps),
            _ => None,
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

    pub(crate) fn lines(&self, key: &str) -> Option<&[(String, Span<usize>)]> {
        match self.get(key) {
            Some(Value::Lines(lines)) => Some(lines),
            _ => None,
        }
    }

    pub(crate) fn template(&self, key: &str) -> Option<&Template> {
        match self.get(key) {
            Some(Value::Template(template)) => Some(template),
            _ => None,
        }
    }

    pub(crate) fn wait(&self, key: &str) -> Option<&Wait> {
        match self.get(key) {
            Some(Value::Wait(wait)) => Some(wait),
            _ => None,
        }
    }

    pub(crate) fn call(&self, key: &str) -> Option<&CallText> {
        match self.get(key) {
            Some(Value::Call(call)) => Some(call),
            _ => None,
        }
    }

    pub(crate) fn calls(&self, key: &str) -> &[CallText] {
        match self.get(key) {
            Some(Value::Calls(calls)) => calls,
            _ => &[],
        }
    }

    pub(crate) fn figures(&self, key: &str) -> &[(String, Span<usize>, Range)] {
        match self.get(key) {
            Some(Value::Figures(figures)) => figures,
            _ => &[],
        }
    }
}
