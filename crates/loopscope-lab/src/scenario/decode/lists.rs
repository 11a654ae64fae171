//! Lists of texts: each item is checked for itself, so that one bad item hides no other.

use std::ops::Range as Span;

use loopscope_trace::Range;

use crate::scenario::decode::anchor;
use crate::scenario::decode::record::Value;
use crate::scenario::decode::tables::Decoder;
use crate::scenario::schema::row::Kind;
use crate::scenario::text::tree::Node;
use crate::scenario::text::{tree, words};

impl Decoder<'_, '_> {
    pub(crate) fn lines(&mut self, key: &str, kind: Kind, items: &[Node]) -> Option<Value> {
        let mut lines = Vec::new();
        for item in items {
            let kind = match kind {
                Kind::Names => Kind::Name,
                _ => Kind::Printed,
            };
            let what = format!("each of `{key}`");
            match (&item.value, kind) {
                (tree::Value::Text(_), _) => {
                    if let Some(Value::Text(text)) = self.value(key, kind, item) {
                        lines.push((text, item.span.clone()));
                    }
                }
                _ => drop(self.wrong(&what, item, "a string")),
            }
        }
        Some(Value::Lines(lines))
    }

    pub(crate) fn insights(&mut self, key: &str, all: bool, items: &[Node]) -> Option<Value> {
        let findings = self.vocabulary.findings;
        let mut kinds = Vec::new();
        for item in items {
            let tree::Value::Text(kind) = &item.value else {
                self.wrong(&format!("each of `{key}`"), item, "a string");
                continue;
            };
            if (all && kind == "*") || anchor::finding(kind, findings).is_ok() {
                kinds.push((kind.clone(), item.span.clone()));
            } else if let Err((message, help)) = anchor::finding(kind, findings) {
                self.finder
                    .help("unknown-insight", item.span.clone(), message, help);
            }
        }
        Some(Value::Lines(kinds))
    }

    pub(crate) fn calls(&mut self, key: &str, items: &[Node]) -> Option<Value> {
        let mut calls = Vec::new();
        for item in items {
            match &item.value {
                tree::Value::Text(text) => calls.extend(self.call(key, text, &item.span)),
                _ => drop(self.wrong(&format!("each of `{key}`"), item, "a function's name")),
            }
        }
        Some(Value::Calls(calls))
    }

    /// Some of the `known` words, each once.
    pub(crate) fn some(
        &mut self,
        key: &str,
        known: &'static [&'static str],
        items: &[Node],
        span: &Span<usize>,
    ) -> Option<Value> {
        let mut list: Vec<(String, Span<usize>)> = Vec::new();
        for item in items {
            let Some(Value::Text(word)) = self.value(key, Kind::OneOf(known), item) else {
                continue;
            };
            if list.iter().any(|(other, _)| *other == word) {
                let message = format!("`{word}` stands here twice");
                self.finder.help(
                    "duplicate",
                    item.span.clone(),
                    message,
                    "remove one of them",
                );
            } else {
                list.push((word, item.span.clone()));
            }
        }
        if items.is_empty() {
            let message = format!("`{key}` is empty");
            let help = format!("choose from {}", words::list(known));
            self.finder.help("bad-value", span.clone(), message, help);
        }
        Some(Value::Lines(list))
    }

    /// A table of names and figures; here a figure may be below zero.
    pub(crate) fn figures(&mut self, entries: &tree::Table) -> Value {
        let mut figures = Vec::new();
        for (key, node) in entries {
            let range = match &node.value {
                tree::Value::Integer(Some(number)) => Some(Range {
                    from: *number as f64,
                    to: *number as f64,
                }),
                tree::Value::Text(_) => match self.value(&key.name, Kind::Figure, node) {
                    Some(Value::Range(range)) => Some(range),
                    _ => None,
                },
                _ => {
                    self.wrong(
                        &words::short(&key.name),
                        node,
                        "a figure, as in 40 or \"60..75\"",
                    );
                    None
                }
            };
            figures.extend(range.map(|range| (key.name.clone(), key.span.clone(), range)));
        }
        Value::Figures(figures)
    }
}
