//! Single values: each kind's own check, and the sentence for what does not fit.

use std::ops::Range as Span;

use loopscope_trace::Range;

use crate::scenario::decode::record::{Piece, Record, Template, Tree, Value};
use crate::scenario::decode::tables::Decoder;
use crate::scenario::decode::{knobs, notation};
use crate::scenario::model;
use crate::scenario::schema::row::{self, Kind, MAX_TEXT};
use crate::scenario::text::tree::{self, Node};

impl Decoder<'_, '_> {
    /// The value of `node`, if it is of `kind`.
    pub(crate) fn value(&mut self, key: &str, kind: Kind, node: &Node) -> Option<Value> {
        match &node.value {
            tree::Value::Text(text) => self.of_text(key, kind, text, node),
            tree::Value::List(items) => self.of_list(key, kind, items, node),
            tree::Value::Table(entries) => match kind {
                Kind::Figures => Some(self.figures(entries)),
                Kind::Row(table) => self.row(key, table, node).map(Value::Row),
                Kind::Rows(table) => self.one_row(key, table, node),
                kind => self.wrong(key, node, &kind.expected(self.vocabulary)),
            },
            _ => self.of_scalar(key, kind, node),
        }
    }

    // table
    fn of_text(&mut self, key: &str, kind: Kind, text: &str, node: &Node) -> Option<Value> {
        let span = &node.span;
        match kind {
            Kind::Text => {
                let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
                self.said(key, &line, span).map(Value::Text)
            }
            Kind::Printed | Kind::Initial => self.said(key, text, span).map(Value::Text),
            Kind::Said | Kind::Value | Kind::Answer => self.template(key, text, span),
            Kind::Condition => self.condition(key, text, span),
            Kind::Label => self.label(key, text, span),
            Kind::Name | Kind::Id => self.name(key, kind, text, span),
            Kind::Into => match self.name(key, Kind::Name, text, span)? {
                Value::Text(name) => Some(Value::Lines(vec![(name, span.clone())])),
                _ => None,
            },
            Kind::Route => self.route(text, span),
            Kind::OneOf(words) => self.one_of(key, words, text, span),
            Kind::Call | Kind::Work => self.call(key, text, span).map(Value::Call),
            Kind::Length => self.parsed(text, span, notation::length, Value::Length),
            Kind::Wait => self.wait(key, text, span),
            Kind::Size => self.parsed(text, span, notation::size, Value::Number),
            Kind::Elapsed => self.parsed(text, span, notation::elapsed, Value::Range),
            Kind::Figure => self.parsed(text, span, notation::figure, Value::Range),
            Kind::Anchor => {
                let findings = self.vocabulary.findings;
                self.parsed(
                    text,
                    span,
                    |text| notation::moment(text, findings),
                    Value::Anchor,
                )
            }
            Kind::Times(..) if text == "forever" => Some(Value::Forever),
            Kind::Times(least, most) | Kind::Count(least, most) => {
                self.count(key, kind, (least, most), node)
            }
            Kind::Switch => match self.count(key, kind, (i64::MIN, i64::MAX), node)? {
                Value::Number(number) => Some(Value::Flag(number != 0)),
                _ => None,
            },
            kind => self.wrong(key, node, &kind.expected(self.vocabulary)),
        }
    }

    fn of_list(&mut self, key: &str, kind: Kind, items: &[Node], node: &Node) -> Option<Value> {
        match kind {
            Kind::Lines | Kind::Names => self.lines(key, kind, items),
            Kind::Into => self.lines(key, Kind::Names, items),
            Kind::Panes => self.some(key, self.vocabulary.panes, items, &node.span),
            Kind::Some(words) => self.some(key, words, items, &node.span),
            Kind::Calls => self.calls(key, items),
            Kind::Insights(all) => self.insights(key, all, items),
            Kind::Steps | Kind::Work => self.steps(key, node),
            Kind::Rows(table) => {
                let rows = items.iter().filter_map(|item| self.row(key, table, item));
                Some(Value::Rows(rows.collect()))
            }
            kind => self.wrong(key, node, &kind.expected(self.vocabulary)),
        }
    }

    /// A number, true or false, a date.
    fn of_scalar(&mut self, key: &str, kind: Kind, node: &Node) -> Option<Value> {
        match (kind, &node.value) {
            (Kind::Value, tree::Value::Integer(Some(number))) => {
                let tree = Tree::Value(model::expression::Value::Integer(*number));
                Some(Value::Template(Template(vec![Piece::Value(tree)])))
            }
            (Kind::Initial, tree::Value::Integer(Some(number))) => {
                Some(Value::Text(number.to_string()))
            }
            (Kind::Elapsed | Kind::Figure, tree::Value::Integer(Some(number))) if *number >= 0 => {
                Some(exact(*number as f64))
            }
            (Kind::Elapsed, tree::Value::Real(number)) if *number >= 0.0 && number.is_finite() => {
                Some(exact(*number))
            }
            (Kind::Times(least, most) | Kind::Count(least, most), _) => {
                self.count(key, kind, (least, most), node)
            }
            (Kind::Integer, tree::Value::Integer(Some(number))) => Some(Value::Number(*number)),
            (Kind::Pace, tree::Value::Integer(Some(number))) => {
                self.pace(key, *number as f64, &node.span)
            }
            (Kind::Pace, tree::Value::Real(number)) => self.pace(key, *number, &node.span),
            (Kind::Flag | Kind::Switch | Kind::Yes | Kind::Answer, tree::Value::Flag(true)) => {
                Some(Value::Flag(true))
            }
            (Kind::Flag | Kind::Switch, tree::Value::Flag(false)) => Some(Value::Flag(false)),
            (Kind::Length | Kind::Wait, tree::Value::Integer(_) | tree::Value::Real(_)) => {
                self.without_unit(key, kind, node)
            }
            (kind, _) => self.wrong(key, node, &kind.expected(self.vocabulary)),
        }
    }

    /// A bare number where a duration stands: most people mean seconds.
    fn without_unit(&mut self, key: &str, kind: Kind, node: &Node) -> Option<Value> {
        let message = format!(
            "`{key}` must be {}, not {}",
            kind.expected(self.vocabulary),
            node.found()
        );
        let written = self.finder.source().get(node.span.clone());
        let help = format!("write \"{}s\" for seconds", written.unwrap_or("5"));
        self.help("wrong-type", node.span.clone(), message, help);
        None
    }

    /// One table where several may stand: its own mistakes are told as well.
    fn one_row(&mut self, key: &str, table: &row::Table, node: &Node) -> Option<Value> {
        let written = self.finder.source().get(node.span.clone());
        let header = written.is_some_and(|text| text.starts_with('['));
        let help = if header {
            format!("write [[{key}]], with two brackets: there may be several")
        } else {
            format!("write a list: {key} = [{{ … }}]")
        };
        let message = format!("`{key}` must be a list of tables, not a table");
        self.help("wrong-type", node.span.clone(), message, help);
        let row = self.row(key, table, node)?;
        Some(Value::Rows(vec![row]))
    }

    fn row(&mut self, key: &str, table: &row::Table, node: &Node) -> Option<Record> {
        match &node.value {
            tree::Value::Table(entries) => {
                Some(self.record(entries, node.span.clone(), table, |_| true))
            }
            _ => {
                self.wrong(key, node, "a table");
                None
            }
        }
    }

    /// Says what was expected, and what was found.
    pub(crate) fn wrong(&mut self, key: &str, node: &Node, expected: &str) -> Option<Value> {
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
    pub(crate) fn said(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<String> {
        let fits = self.fits(key, text, span);
        let filled = fits.then(|| knobs::fill(self.knobs, text, span, self.finder))?;
        let is_prose = knobs::PROSE.contains(&key) && filled != text;
        Some(if is_prose {
            knobs::singular(&filled)
        } else {
            filled
        })
    }

    /// Whether a text is short enough, and does not steer a terminal.
    pub(crate) fn fits(&mut self, key: &str, text: &str, span: &Span<usize>) -> bool {
        if text.chars().any(loopscope_trace::steers) {
            let message = format!("`{key}` has a character that would steer the terminal");
            let help = "leave out control characters and line ends";
            self.help("control-character", span.clone(), message, help);
            return false;
        }
        if text.chars().count() > MAX_TEXT {
            let message = format!("`{key}` has more than {} characters", MAX_TEXT);
            self.help("limit", span.clone(), message, "say it in fewer words");
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
        let text = knobs::fill(self.knobs, text, span, self.finder);
        if self.finder.count() > before {
            return None;
        }
        match read(&text) {
            Ok(value) => Some(wrap(value)),
            Err((message, help)) => {
                self.help("bad-value", span.clone(), message, help);
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
            tree::Value::Integer(number) => *number,
            tree::Value::Text(text) if text.trim().starts_with('{') => {
                let before = self.finder.count();
                let filled = knobs::fill(self.knobs, text, &node.span, self.finder);
                if self.finder.count() > before {
                    return None;
                }
                filled.trim().parse().ok()
            }
            _ => return self.wrong(key, node, &kind.expected(self.vocabulary)),
        };
        if let Some(number) = number.filter(|number| (least..=most).contains(number)) {
            return Some(Value::Number(number));
        }
        let message = match number {
            Some(number) => format!("`{key}` cannot be {number}"),
            None => format!("`{key}` is no number that fits"),
        };
        let help = format!("choose a whole number from {least} to {most}");
        self.help("limit", node.span.clone(), message, help);
        None
    }

    fn pace(&mut self, key: &str, number: f64, span: &Span<usize>) -> Option<Value> {
        if number.is_finite() && (0.001..=1e6).contains(&number) {
            return Some(Value::Pace(number));
        }
        let message = format!("`{key}` cannot be {number}");
        let help = "choose a number from 0.001 to 1000000";
        self.help("limit", span.clone(), message, help);
        None
    }
}

fn exact(number: f64) -> Value {
    Value::Range(Range {
        from: number,
        to: number,
    })
}
