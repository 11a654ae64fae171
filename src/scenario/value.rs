//! Single values: each kind's own check, and the sentence for what does not fit.

use std::ops::Range as Span;

use super::decode::Decoder;
use super::keys::{self, Kind};
use super::raw::{self, Node};
use super::record::{Record, Value};
use super::template::{Piece, Template, Tree};
use super::{anchor, figure};
use crate::trace::Range;

impl Decoder<'_, '_> {
    // table
    /// The value of `node`, if it is of `kind`.
    pub(super) fn value(&mut self, key: &str, kind: Kind, node: &Node) -> Option<Value> {
        match (kind, &node.value) {
            (Kind::Text, raw::Value::Text(text)) => {
                let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
                self.said(key, &line, &node.span).map(Value::Text)
            }
            (Kind::Printed, raw::Value::Text(text)) => {
                self.said(key, text, &node.span).map(Value::Text)
            }
            (Kind::Said | Kind::Value | Kind::Answer, raw::Value::Text(text)) => {
                self.template(key, text, &node.span)
            }
            (Kind::Value, raw::Value::Integer(Some(number))) => Some(Value::Template(Template(
                vec![Piece::Value(Tree::Value(super::Value::Integer(*number)))],
            ))),
            (Kind::Condition, raw::Value::Text(text)) => self.condition(key, text, &node.span),
            (Kind::Initial, raw::Value::Text(text)) => {
                self.said(key, text, &node.span).map(Value::Text)
            }
            (Kind::Initial, raw::Value::Integer(Some(number))) => {
                Some(Value::Text(number.to_string()))
            }
            (Kind::Label, raw::Value::Text(text)) => self.label(key, text, &node.span),
            (Kind::Name | Kind::Id, raw::Value::Text(text)) => {
                self.name(key, kind, text, &node.span)
            }
            (Kind::Route, raw::Value::Text(text)) => self.route(text, &node.span),
            (Kind::Length, raw::Value::Text(text)) => {
                self.parsed(text, &node.span, figure::length, Value::Length)
            }
            (Kind::Wait, raw::Value::Text(text)) => self.wait(key, text, &node.span),
            (Kind::Size, raw::Value::Text(text)) => {
                self.parsed(text, &node.span, figure::size, Value::Number)
            }
            (Kind::Elapsed, raw::Value::Text(text)) => {
                self.parsed(text, &node.span, figure::elapsed, Value::Range)
            }
            (Kind::Figure, raw::Value::Text(text)) => {
                self.parsed(text, &node.span, figure::figure, Value::Range)
            }
            (Kind::Anchor, raw::Value::Text(text)) => {
                self.parsed(text, &node.span, anchor::parse, Value::Anchor)
            }
            (Kind::Elapsed | Kind::Figure, raw::Value::Integer(Some(number))) if *number >= 0 => {
                Some(exact(*number as f64))
            }
            (Kind::Elapsed, raw::Value::Real(number)) if *number >= 0.0 && number.is_finite() => {
                Some(exact(*number))
            }
            (Kind::Times(..), raw::Value::Text(text)) if text == "forever" => Some(Value::Forever),
            (Kind::Times(least, most) | Kind::Count(least, most), _) => {
                self.count(key, kind, (least, most), node)
            }
            (Kind::Integer, raw::Value::Integer(Some(number))) => Some(Value::Number(*number)),
            (Kind::Pace, raw::Value::Integer(Some(number))) => {
                self.pace(key, *number as f64, &node.span)
            }
            (Kind::Pace, raw::Value::Real(number)) => self.pace(key, *number, &node.span),
            (Kind::Switch, raw::Value::Text(_)) => {
                match self.count(key, kind, (i64::MIN, i64::MAX), node) {
                    Some(Value::Number(number)) => Some(Value::Flag(number != 0)),
                    _ => None,
                }
            }
            (Kind::Flag | Kind::Switch | Kind::Yes | Kind::Answer, raw::Value::Flag(true)) => {
                Some(Value::Flag(true))
            }
            (Kind::Flag | Kind::Switch, raw::Value::Flag(false)) => Some(Value::Flag(false)),
            (Kind::OneOf(words), raw::Value::Text(text)) => {
                self.one_of(key, words, text, &node.span)
            }
            (Kind::Lines | Kind::Names, raw::Value::List(items)) => self.lines(key, kind, items),
            (Kind::Into, raw::Value::Text(text)) => {
                match self.name(key, Kind::Name, text, &node.span) {
                    Some(Value::Text(name)) => Some(Value::Lines(vec![(name, node.span.clone())])),
                    _ => None,
                }
            }
            (Kind::Into, raw::Value::List(items)) => self.lines(key, Kind::Names, items),
            (Kind::Some(words), raw::Value::List(items)) => {
                self.some(key, words, items, &node.span)
            }
            (Kind::Calls, raw::Value::List(items)) => self.calls(key, items),
            (Kind::Call | Kind::Work, raw::Value::Text(text)) => {
                self.call(key, text, &node.span).map(Value::Call)
            }
            (Kind::Figures, raw::Value::Table(entries)) => Some(self.figures(entries)),
            (Kind::Insights(all), raw::Value::List(items)) => self.insights(key, all, items),
            (Kind::Steps | Kind::Work, raw::Value::List(_)) => self.steps(key, node),
            (Kind::Rows(table), raw::Value::List(items)) => {
                let rows = items.iter().filter_map(|item| self.row(key, table, item));
                Some(Value::Rows(rows.collect()))
            }
            (Kind::Row(table), raw::Value::Table(_)) => self.row(key, table, node).map(Value::Row),
            (Kind::Rows(table), raw::Value::Table(_)) => self.one_row(key, table, node),
            (kind, _) => self.wrong(key, node, &kind.expected()),
        }
    }

    /// One table where several may stand: its own mistakes are told as well.
    fn one_row(&mut self, key: &str, table: &keys::Table, node: &Node) -> Option<Value> {
        let written = self.finder.source().get(node.span.clone());
        let header = written.is_some_and(|text| text.starts_with('['));
        let help = if header {
            format!("write [[{key}]], with two brackets: there may be several")
        } else {
            format!("write a list: {key} = [{{ … }}]")
        };
        let message = format!("`{key}` must be a list of tables, not a table");
        self.finder
            .help("wrong-type", node.span.clone(), message, help);
        let row = self.row(key, table, node)?;
        Some(Value::Rows(vec![row]))
    }

    fn row(&mut self, key: &str, table: &keys::Table, node: &Node) -> Option<Record> {
        match &node.value {
            raw::Value::Table(entries) => {
                Some(self.record(entries, node.span.clone(), table, |_| true))
            }
            _ => {
                self.wrong(key, node, "a table");
                None
            }
        }
    }

    /// Says what was expected, and what was found.
    pub(super) fn wrong(&mut self, key: &str, node: &Node, expected: &str) -> Option<Value> {
        let key = if key.contains(' ') {
            key.to_owned()
        } else {
            format!("`{key}`")
        };
        let message = format!("{key} must be {expected}, not {}", node.found());
        self.finder.add("wrong-type", node.span.clone(), message);
        None
    }

    /// A text with its knobs filled in.
    pub(super) fn said(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<String> {
        let fits = self.fits(key, text, span);
        fits.then(|| self.knobs.fill(text, span, self.finder))
    }

    /// Whether a text is short enough, and does not steer a terminal.
    pub(super) fn fits(&mut self, key: &str, text: &str, span: &Span<usize>) -> bool {
        if text.chars().any(crate::trace::plain::steers) {
            let message = format!("`{key}` has a character that would steer the terminal");
            let help = "leave out control characters and line ends";
            self.finder
                .help("control-character", span.clone(), message, help);
            return false;
        }
        if text.chars().count() > keys::MAX_TEXT {
            let message = format!("`{key}` has more than {} characters", keys::MAX_TEXT);
            self.finder
                .help("limit", span.clone(), message, "say it in fewer words");
            return false;
        }
        true
    }

    fn parsed<T>(
        &mut self,
        text: &str,
        span: &Span<usize>,
        read: impl Fn(&str) -> Result<T, (String, String)>,
        wrap: impl Fn(T) -> Value,
    ) -> Option<Value> {
        let before = self.finder.count();
        let text = self.knobs.fill(text, span, self.finder);
        if self.finder.count() > before {
            return None;
        }
        match read(&text) {
            Ok(value) => Some(wrap(value)),
            Err((message, help)) => {
                self.finder.help("bad-value", span.clone(), message, help);
                None
            }
        }
    }

    fn count(
        &mut self,
        key: &str,
        kind: Kind,
        (least, most): (i64, i64),
        node: &Node,
    ) -> Option<Value> {
        let number = match &node.value {
            raw::Value::Integer(number) => *number,
            raw::Value::Text(text) if text.trim().starts_with('{') => {
                let before = self.finder.count();
                let filled = self.knobs.fill(text, &node.span, self.finder);
                if self.finder.count() > before {
                    return None;
                }
                filled.trim().parse().ok()
            }
            _ => return self.wrong(key, node, &kind.expected()),
        };
        if let Some(number) = number.filter(|number| (least..=most).contains(number)) {
            return Some(Value::Number(number));
        }
        let message = match number {
            Some(number) => format!("`{key}` cannot be {number}"),
            None => format!("`{key}` is no number that fits"),
        };
        let help = format!("choose a whole number from {least} to {most}");
        self.finder.help("limit", node.span.clone(), message, help);
        None
    }

    fn pace(&mut self, key: &str, number: f64, span: &Span<usize>) -> Option<Value> {
        if number.is_finite() && (0.001..=1e6).contains(&number) {
            return Some(Value::Pace(number));
        }
        let message = format!("`{key}` cannot be {number}");
        let help = "choose a number from 0.001 to 1000000";
        self.finder.help("limit", span.clone(), message, help);
        None
    }
}

fn exact(number: f64) -> Value {
    Value::Range(Range {
        from: number,
        to: number,
    })
}
