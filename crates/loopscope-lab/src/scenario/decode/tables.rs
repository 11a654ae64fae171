//! From the tree to records: every table is held against its row of the one table of keys.

use std::ops::Range as Span;

use crate::scenario::decode::knobs::Knobs;
use crate::scenario::decode::record::{Record, StepRecord, Value};
use crate::scenario::schema::row::{Field, Kind, MAX_DEPTH, MAX_NAME, StepRow, Table, Vocabulary};
use crate::scenario::schema::steps::{self, OTHER_WORDS, STEPS, UNSAID};
use crate::scenario::text::finder::Finder;
use crate::scenario::text::tree::{self, Node};
use crate::scenario::text::words;

/// Reads tables; what is wrong goes to the finder.
#[derive(Debug)]
pub(crate) struct Decoder<'a, 's> {
    pub(crate) finder: &'a mut Finder<'s>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) knobs: &'a Knobs,
    /// Whether the text was TOML throughout: if not, what is missing may only be hidden.
    whole: bool,
    depth: usize,
}

impl<'a, 's> Decoder<'a, 's> {
    pub(crate) const fn new(
        finder: &'a mut Finder<'s>,
        vocabulary: Vocabulary,
        knobs: &'a Knobs,
        whole: bool,
    ) -> Self {
        Self {
            finder,
            vocabulary,
            knobs,
            whole,
            depth: 0,
        }
    }
}

impl Decoder<'_, '_> {
    /// A mistake at `span`, and its cure.
    pub(crate) fn help(
        &mut self,
        code: &'static str,
        span: Span<usize>,
        message: String,
        help: impl Into<String>,
    ) {
        self.finder.help(code, span, message, help);
    }

    /// Reads the keys of `entries` that `table` knows. `only` picks a few of them.
    pub(crate) fn record(
        &mut self,
        entries: &tree::Table,
        span: Span<usize>,
        table: &Table,
        only: impl Fn(&str) -> bool,
    ) -> Record {
        let mut record = Record {
            span: span.clone(),
            values: Vec::new(),
        };
        let mut meant: Vec<&str> = Vec::new();
        for (key, node) in entries.iter().filter(|(key, _)| only(&key.name)) {
            let Some(field) = table.fields.iter().find(|field| field.key == key.name) else {
                meant.extend(self.unknown_key(key, table.what, table.fields));
                continue;
            };
            self.field(field, node, &mut record);
        }
        for field in table.fields.iter().filter(|f| f.required && only(f.key)) {
            let there = entries.iter().any(|(key, _)| key.name == field.key);
            if !there && self.whole && !meant.contains(&field.key) {
                self.missing(table.what, field, span.clone());
            }
        }
        record
    }

    fn field(&mut self, field: &Field, node: &Node, record: &mut Record) {
        if let Some(value) = self.value(field.key, field.kind, node) {
            record.values.push((field.key, node.span.clone(), value));
        }
    }

    fn missing(&mut self, what: &str, field: &Field, span: Span<usize>) {
        let message = format!("{what} needs `{}`", field.key);
        let help = format!("add `{}`: {}", field.key, words::inner(field.say));
        self.help("missing", span, message, help);
    }

    /// Says so, and returns the key that was probably meant.
    fn unknown_key<'f>(
        &mut self,
        key: &tree::Key,
        what: &str,
        fields: &'f [Field],
    ) -> Option<&'f str> {
        let names: Vec<&str> = fields.iter().map(|field| field.key).collect();
        let message = format!("{what} has no key `{}`", words::short(&key.name));
        let help = words::suggest(&key.name, &names, "its keys", "");
        self.help("unknown-key", key.span.clone(), message, help);
        words::meant(&key.name, names)
    }

    /// Reads a body: a list of tables with one step each.
    pub(crate) fn steps(&mut self, key: &str, node: &Node) -> Option<Value> {
        let tree::Value::List(items) = &node.value else {
            return self.wrong(key, node, "a list of steps");
        };
        self.depth += 1;
        let steps = if self.depth > MAX_DEPTH {
            let message = format!("bodies nest deeper than {}", MAX_DEPTH);
            let help = "put the inner steps into a function and `call` it";
            self.help("limit", node.span.clone(), message, help);
            Vec::new()
        } else {
            items.iter().filter_map(|item| self.step(item)).collect()
        };
        self.depth -= 1;
        Some(Value::Steps(steps))
    }

    fn step(&mut self, node: &Node) -> Option<StepRecord> {
        let tree::Value::Table(entries) = &node.value else {
            self.wrong("a step", node, "a table such as { print = \"Hello\" }");
            return None;
        };
        let mut known = entries
            .iter()
            .filter_map(|(key, value)| steps::named(&key.name).map(|row| (row, key, value)));
        let Some((row, _, value)) = known.next() else {
            self.no_step(entries, node);
            return None;
        };
        if let Some((second, place, _)) = known.next() {
            let message = format!("two steps in one table: `{}` and `{}`", row.key, second.key);
            let help = "write one step a table: { … }, { … }";
            self.help("two-steps", place.span.clone(), message, help);
        }
        let mut record = Record {
            span: node.span.clone(),
            values: Vec::new(),
        };
        if let Some(found) = self.value(row.key, row.kind, value) {
            record.values.push((row.key, value.span.clone(), found));
        }
        self.fields_of(row, entries, node, &mut record);
        Some(StepRecord { row, record })
    }

    /// Reads the keys that stand beside the step's own.
    fn fields_of(
        &mut self,
        row: &'static StepRow,
        entries: &tree::Table,
        node: &Node,
        record: &mut Record,
    ) {
        let what = format!("the step `{}`", row.key);
        for (other, value) in entries {
            if steps::named(&other.name).is_some() {
                continue;
            }
            match row.fields.iter().find(|field| field.key == other.name) {
                Some(field) => self.field(field, value, record),
                None if row.fields.is_empty() => {
                    let message = format!("{what} has no key `{}`", words::short(&other.name));
                    let help = format!("write {}", row.shown);
                    self.help("unknown-key", other.span.clone(), message, help);
                }
                None => drop(self.unknown_key(other, &what, row.fields)),
            }
        }
        for field in row.fields.iter().filter(|field| field.required) {
            if !entries.iter().any(|(other, _)| other.name == field.key) && self.whole {
                self.missing(&what, field, node.span.clone());
            }
        }
    }

    fn no_step(&mut self, entries: &tree::Table, node: &Node) {
        let names: Vec<&str> = STEPS.iter().map(|row| row.key).collect();
        let Some((key, _)) = entries.first() else {
            let message = "an empty table is no step".to_owned();
            let help = format!("the steps: {}", words::list(&names));
            return self.help("unknown-step", node.span.clone(), message, help);
        };
        let known = |table: &[(&'static str, &'static str)]| {
            let found = table.iter().find(|(name, _)| *name == key.name);
            found.map(|(_, says)| *says)
        };
        if let Some(nearest) = known(UNSAID) {
            let message = format!("`{}` cannot be said", key.name);
            return self.help("cannot-be-said", key.span.clone(), message, nearest);
        }
        let message = format!("there is no step `{}`", words::short(&key.name));
        let help = match known(OTHER_WORDS) {
            Some(word) => format!("the word for it is `{word}`"),
            None => words::suggest(&key.name, &names, "the steps", ""),
        };
        self.help("unknown-step", key.span.clone(), message, help);
    }
}

impl Decoder<'_, '_> {
    pub(crate) fn label(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<Value> {
        let text = self.said(key, text.trim(), span)?;
        if text.is_empty() || text.chars().count() > 40 {
            let message = format!("`{key}` has {} characters", text.chars().count());
            let help = "choose a name of 1 to 40 characters";
            self.help("bad-name", span.clone(), message, help);
            return None;
        }
        Some(Value::Text(text))
    }

    pub(crate) fn name(
        &mut self,
        key: &str,
        kind: Kind,
        text: &str,
        span: &Span<usize>,
    ) -> Option<Value> {
        let id = matches!(kind, Kind::Id);
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || (id && c == '-');
        let first = text.chars().next().is_some_and(|c| !c.is_ascii_digit());
        let most = if id { 60 } else { MAX_NAME };
        if (first || id) && !text.is_empty() && text.len() <= most && text.chars().all(fits) {
            return Some(Value::Text(text.to_owned()));
        }
        let message = format!("`{}` cannot be a name (`{key}`)", words::short(text));
        let help = if id {
            "a scenario's id has letters, digits and `-`".to_owned()
        } else {
            format!("a name has letters, digits and `_`, no digit first, at most {most}")
        };
        self.help("bad-name", span.clone(), message, help);
        None
    }

    pub(crate) fn route(&mut self, text: &str, span: &Span<usize>) -> Option<Value> {
        let fits = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
        if text.starts_with('/') && text.len() <= 60 && text.chars().all(fits) {
            return Some(Value::Text(text.to_owned()));
        }
        let message = format!("`{}` is no route", words::short(text));
        let help = "a route begins with `/`, as in \"/ping\", and has at most 60 characters";
        self.help("bad-name", span.clone(), message, help);
        // What was meant, so that requests for this route are not called wrong as well.
        Some(Value::Text(format!("/{}", text.trim_start_matches('/'))))
    }

    pub(crate) fn one_of(
        &mut self,
        key: &str,
        known: &[&'static str],
        text: &str,
        span: &Span<usize>,
    ) -> Option<Value> {
        if known.contains(&text) {
            return Some(Value::Text(text.to_owned()));
        }
        let message = format!("`{key}` cannot be `{}`", words::short(text));
        let help = words::suggest(text, known, "choose one of", "");
        self.help("bad-value", span.clone(), message, help);
        None
    }
}
