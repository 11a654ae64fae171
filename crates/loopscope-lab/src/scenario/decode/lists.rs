//! Values that may only be known while the scenario runs, and lists of texts, in which one bad
//! item hides no other.

use std::ops::Range as Span;

use loopscope_trace::Range;

use crate::scenario::decode::record::{CallText, Origin, Piece, Template, Value, Wait};
use crate::scenario::decode::tables::Decoder;
use crate::scenario::decode::{knobs, notation};
use crate::scenario::schema::row::Kind;
use crate::scenario::text::tree::{self, Node};
use crate::scenario::text::words;

impl Decoder<'_, '_> {
    /// A text with values in it.
    pub(crate) fn template(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<Value> {
        self.read(key, text, span).map(Value::Template)
    }

    /// Nothing where it has been called wrong.
    fn read(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<Template> {
        let before = self.finder.count();
        if !self.fits(key, text, span) {
            return None;
        }
        let origin = Origin::new(self.finder.source(), span, text);
        let template = knobs::template(text, &origin, self.knobs, self.finder);
        (self.finder.count() == before).then_some(template)
    }

    /// A text that is one expression.
    pub(crate) fn condition(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<Value> {
        let template = self.read(key, text.trim(), span)?;
        if let [Piece::Value(_)] = template.0.as_slice() {
            return Some(Value::Template(template));
        }
        let message = format!("`{key}` must be one expression in braces");
        let help = format!("write {key} = \"{{x == 3}}\"");
        self.help("expression", span.clone(), message, help);
        None
    }

    /// `"5s"`, or `"{x}s"`.
    pub(crate) fn wait(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<Value> {
        let template = self.read(key, text, span)?;
        let found = match (template.fixed(), template.0.as_slice()) {
            (Some(text), _) => notation::length(&text).map(Wait::Fixed),
            (None, [Piece::Value(tree), Piece::Words(unit)]) => match notation::unit(unit.trim()) {
                Some(unit) => Ok(Wait::Of(tree.clone(), unit)),
                None => Err(dynamic(text)),
            },
            _ => Err(dynamic(text)),
        };
        match found {
            Ok(wait) => Some(Value::Wait(wait)),
            Err((message, help)) => {
                self.help("bad-value", span.clone(), message, help);
                None
            }
        }
    }

    /// A function, with arguments where it takes some.
    pub(crate) fn call(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<CallText> {
        if !self.fits(key, text, span) {
            return None;
        }
        let origin = Origin::new(self.finder.source(), span, text);
        knobs::call(text, &origin, self.knobs, self.finder)
    }
}

fn dynamic(text: &str) -> (String, String) {
    (
        format!("`{}` is no duration", words::short(text)),
        "where a value decides, write it and its unit, as in \"{x}s\" or \"{x}ms\"".to_owned(),
    )
}

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
            if (all && kind == "*") || notation::finding(kind, findings).is_ok() {
                kinds.push((kind.clone(), item.span.clone()));
            } else if let Err((message, help)) = notation::finding(kind, findings) {
                self.help("unknown-insight", item.span.clone(), message, help);
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
                self.help(
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
            self.help("bad-value", span.clone(), message, help);
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
