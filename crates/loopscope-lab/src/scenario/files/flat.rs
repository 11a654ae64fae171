//! A file of plain keys and values, such as settings, with the same diagnostics as a scenario.

use crate::scenario::text::finder::{Finder, Problems};
use crate::scenario::text::tree::{self, Key, Node, Value};
use crate::scenario::text::words;

/// What stands in such a file; asking for a value complains where it is of another kind.
#[derive(Debug)]
pub struct Flat<'a> {
    finder: Finder<'a>,
    rows: Vec<(Key, Node)>,
}

impl<'a> Flat<'a> {
    /// Reads a text; a line that is no TOML is a mistake like others, and the rest of it is read.
    pub fn read(source: &'a str) -> Self {
        let mut finder = Finder::new(source);
        let (mut rows, whole) = tree::parse(&mut finder);
        if !whole {
            // A wrong line may swallow the next one, and what it seems to say is a guess: it is
            // left out, as if it were empty.
            let lines = source.split_inclusive('\n').zip(1..);
            let rest: String = lines
                .map(|(line, number)| match finder.knows(number) {
                    true => " ".repeat(line.trim_end_matches('\n').len()) + "\n",
                    false => line.to_owned(),
                })
                .collect();
            let mut again = Finder::new(&rest);
            rows = tree::parse(&mut again).0;
            let right = |at: usize| !again.knows(again.line(at));
            rows.retain(|(key, node)| right(key.span.start) && right(node.span.start));
        }
        Self { finder, rows }
    }

    /// Complains about each key that is none of these; `what` has the keys: `the settings`.
    pub fn allow(&mut self, what: &str, names: &[&str]) {
        for (key, _) in &self.rows {
            if !names.contains(&key.name.as_str()) {
                let message = format!("{what} have no key `{}`", words::short(&key.name));
                let help = words::suggest(&key.name, names, "the keys", "");
                self.finder
                    .help("unknown-key", key.span.clone(), message, help);
            }
        }
    }

    /// The line of a key, counted from 1.
    pub fn line(&self, key: &str) -> Option<usize> {
        let (key, _) = self.rows.iter().find(|(other, _)| other.name == key)?;
        Some(self.finder.line(key.span.start))
    }

    /// Yes or no.
    pub fn flag(&mut self, key: &str) -> Option<bool> {
        match &self.node(key)?.value {
            Value::Flag(flag) => Some(*flag),
            _ => self.wrong(key, "true or false"),
        }
    }

    /// A number within two bounds.
    pub fn number(&mut self, key: &str, least: f64, most: f64) -> Option<f64> {
        let number = match &self.node(key)?.value {
            #[expect(clippy::cast_precision_loss, reason = "it is held against the bounds")]
            Value::Integer(number) => number.map_or(f64::NAN, |number| number as f64),
            Value::Real(number) => *number,
            _ => return self.wrong(key, &format!("a number from {least} to {most}")),
        };
        if (least..=most).contains(&number) {
            return Some(number);
        }
        let message = format!("`{key}` goes from {least} to {most}");
        self.refuse(key, message, None);
        None
    }

    /// One of these words.
    pub fn one_of(&mut self, key: &str, known: &[&str]) -> Option<String> {
        let word = self.text(key)?;
        if known.contains(&word.as_str()) {
            return Some(word);
        }
        let message = format!("`{key}` cannot be `{}`", words::short(&word));
        let help = words::suggest(&word, known, "choose one of", "");
        self.refuse(key, message, Some(help));
        None
    }

    /// A string.
    pub fn text(&mut self, key: &str) -> Option<String> {
        match &self.node(key)?.value {
            Value::Text(text) => Some(text.clone()),
            _ => self.wrong(key, "a string"),
        }
    }

    /// A mistake in the value of a key.
    pub fn refuse(&mut self, key: &str, message: String, help: Option<String>) {
        let Some(span) = self.node(key).map(|node| node.span.clone()) else {
            return;
        };
        match help {
            Some(help) => self.finder.help("bad-value", span, message, help),
            None => self.finder.add("bad-value", span, message),
        }
    }

    /// All mistakes, if there are any.
    pub fn finish(self, path: &str) -> Option<Problems> {
        let problems = self.finder.finish(path);
        (!problems.list.is_empty()).then_some(problems)
    }

    fn node(&self, key: &str) -> Option<&Node> {
        let found = self.rows.iter().find(|(other, _)| other.name == key);
        found.map(|(_, node)| node)
    }

    fn wrong<T>(&mut self, key: &str, expected: &str) -> Option<T> {
        let node = self.node(key)?;
        let message = format!("`{key}` must be {expected}, not {}", node.found());
        let span = node.span.clone();
        self.finder.add("wrong-type", span, message);
        None
    }
}
