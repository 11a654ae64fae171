//! A run as its expectations see it, and by how much a figure may differ.

use serde_json::Value;

use loopscope_trace::{EndReason, Expectation, Nanos, Range};

/// A run, as its report tells it.
pub(crate) struct Run<'a> {
    pub(crate) expect: &'a Expectation,
    /// The report (the same that `run --json` prints).
    pub(crate) report: Value,
    /// 30 ms of wall time in scenario seconds: what a machine with other work takes now and then.
    pub(crate) slack: f64,
    pub(crate) ended: Option<EndReason>,
}

/// The part of a figure that it may differ by.
pub(crate) const SHARE: f64 = 0.03;

/// The wall time that a moment may differ by.
pub(crate) const SLACK: f64 = 0.030;

/// The most lines that are shown as the file would have them, to be copied.
pub(crate) const COPIED: usize = 12;

impl Run<'_> {
    /// Whether a figure of time lies within a range and its tolerance.
    pub(crate) fn near(&self, seen: f64, range: Range) -> bool {
        let tolerance = |figure: f64| (figure.abs() * SHARE).max(self.slack);
        seen >= range.from - tolerance(range.from) && seen <= range.to + tolerance(range.to)
    }

    /// A sentence for each expected thing that was not seen at its moment; what is seen once meets one expectation.
    pub(crate) fn at_moments<T: Copy + PartialEq>(
        &self,
        expected: impl Iterator<Item = (Nanos, T)>,
        mut seen: Vec<(f64, T)>,
        say: impl Fn(T) -> String,
    ) -> Vec<String> {
        let mut failures = Vec::new();
        let all = seen.clone();
        for (at, thing) in expected {
            let moment = exact(at);
            let near = |(seen, other): &(f64, T)| *other == thing && self.near(*seen, moment);
            match seen.iter().position(near) {
                Some(place) => drop(seen.remove(place)),
                None => {
                    let same = all.iter().filter(|(_, other)| *other == thing);
                    let moments: Vec<f64> = same.map(|(at, _)| *at).collect();
                    let at = seconds(at.as_secs_f64());
                    failures.push(format!("{} at {at}, seen {}", say(thing), listed(&moments)));
                }
            }
        }
        failures
    }

    pub(crate) fn list(&self, key: &str) -> &[Value] {
        self.report[key].as_array().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn printed(&self) -> Vec<&str> {
        self.list("output")
            .iter()
            .filter_map(|line| line["text"].as_str())
            .collect()
    }

    pub(crate) fn found(&self) -> Vec<&str> {
        self.list("insights")
            .iter()
            .filter_map(|one| one["kind"].as_str())
            .collect()
    }
}

/// Counts are held exactly.
pub(crate) fn count(name: &str, seen: &Value, range: Range) -> Option<String> {
    let figure = seen.as_f64();
    if figure.is_some_and(|figure| (range.from..=range.to).contains(&figure)) {
        return None;
    }
    let seen = figure.map_or("nothing".to_owned(), |figure| figure.to_string());
    Some(format!(
        "{name}: expected {}, seen {seen}",
        between(range, |figure| figure.to_string())
    ))
}

pub(crate) fn differs(name: &str, expected: &str, seen: &str) -> Vec<String> {
    if expected == seen {
        return Vec::new();
    }
    vec![format!("{name}: expected {expected}, seen {seen}")]
}

fn exact(at: Nanos) -> Range {
    let at = at.as_secs_f64();
    Range { from: at, to: at }
}

pub(crate) fn between(range: Range, word: impl Fn(f64) -> String) -> String {
    if range.from == range.to {
        word(range.from)
    } else {
        format!("{} to {}", word(range.from), word(range.to))
    }
}

pub(crate) fn seconds(figure: f64) -> String {
    format!("{figure:.3}s")
}

fn listed(moments: &[f64]) -> String {
    if moments.is_empty() {
        return "never".to_owned();
    }
    let mut words: Vec<_> = moments.iter().take(5).map(|at| seconds(*at)).collect();
    if moments.len() > 5 {
        words.push("…".to_owned());
    }
    format!("at {}", words.join(", "))
}

pub(crate) fn all_of(words: &[&str]) -> String {
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}
