//! The text of `progress.toml`: read by people and by us; what a newer version adds stays in it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Table, Value};

use loopscope_protocol::menu::{Mark, Progress, Remember};
use loopscope_protocol::practice;
use loopscope_protocol::practice::Tries;

/// The format that we write.
const FORMAT: i64 = 1;

const HEAD: &str = "# What loopscope remembers of the scenarios. `loopscope reset` forgets it.\n\n";

/// What a text of ours is.
#[derive(Debug)]
pub(crate) enum Read {
    /// Ours, to be changed.
    Ours(Notes),
    /// Of a version that we do not know: what we understand of it, and nothing to be changed.
    Newer(Progress),
    /// Nothing that any of us has written.
    Broken,
}

/// What is remembered. The table holds also what we do not know.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    table: Table,
}

/// What we know of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Known {
    format: Option<i64>,
    last: Option<String>,
    scenario: BTreeMap<String, Row>,
    practice: BTreeMap<String, Practised>,
}

/// What we know of the exercises of a topic.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Practised {
    right: u32,
    wrong: u32,
    next: u64,
}

/// What we know of a scenario.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    mark: Option<String>,
    prediction: Option<String>,
    runs: u32,
}

impl Notes {
    /// Reads a text.
    pub(crate) fn read(text: &str) -> Read {
        let Ok(table) = text.parse::<Table>() else {
            return Read::Broken;
        };
        let format = table.get("format").map_or(Some(FORMAT), Value::as_integer);
        let known = known(&table);
        match (format, known) {
            (Some(FORMAT), Some(_)) => Read::Ours(Self { table }),
            (Some(format), known) if format > FORMAT => {
                Read::Newer(known.map(progress).unwrap_or_default())
            }
            _ => Read::Broken,
        }
    }

    /// As the screen wants it.
    pub(crate) fn progress(&self) -> Progress {
        known(&self.table).map(progress).unwrap_or_default()
    }

    /// Takes in what has happened.
    pub(crate) fn add(&mut self, what: &Remember) {
        match what {
            Remember::Opened(id) => {
                self.table.insert("last".to_owned(), id.clone().into());
            }
            Remember::Ended {
                scenario,
                mark,
                prediction,
            } => {
                if let Some((row, number)) = practice::parts(scenario) {
                    return self.practised(row, number, *mark);
                }
                let before = self.row(scenario);
                let mark = mark.after(before.mark.as_deref().and_then(mark_of));
                let Some(row) = self.scenario(scenario) else {
                    return;
                };
                row.insert("mark".to_owned(), mark.words().into());
                if let Some(words) = prediction {
                    row.insert("prediction".to_owned(), words.clone().into());
                }
                let runs = i64::from(before.runs.saturating_add(1));
                row.insert("runs".to_owned(), runs.into());
            }
        }
    }

    /// One more exercise of a topic has ended.
    fn practised(&mut self, row: &str, number: u64, mark: Mark) {
        let known = known(&self.table).map(progress).unwrap_or_default();
        let mut tries = known.practice.get(row).copied().unwrap_or_default();
        tries.add(number, mark.right());
        let next = i64::try_from(tries.next).unwrap_or(i64::MAX);
        let figures = [
            ("right", tries.right.into()),
            ("wrong", tries.wrong.into()),
            ("next", next),
        ];
        if let Some(table) = self.inner("practice", row) {
            for (name, figure) in figures {
                table.insert(name.to_owned(), figure.into());
            }
        }
    }

    /// Forgets one scenario, or the exercises of a topic; gives what was known of it in a few words.
    pub(crate) fn forget(&mut self, id: &str) -> Option<String> {
        let topic = practice::parts(id).map_or(id, |(row, _)| row);
        let practised = self.progress().practice.get(topic).copied();
        if let (Some(tries), Some(rows)) = (practised, self.table.get_mut("practice")) {
            rows.as_table_mut().map(|rows| rows.remove(topic));
            return Some(tries.words().unwrap_or_else(|| "seen".to_owned()));
        }
        let row = self.row(id);
        let scenarios = self.table.get_mut("scenario").and_then(Value::as_table_mut);
        let known = scenarios.and_then(|rows| rows.remove(id)).is_some();
        let rows = self.table.get("scenario").and_then(Value::as_table);
        if rows.is_some_and(Table::is_empty) {
            self.table.remove("scenario");
        }
        let last = self.table.get("last").and_then(Value::as_str) == Some(id);
        if last {
            self.table.remove("last");
        }
        let runs = match row.runs {
            1 => "1 run".to_owned(),
            runs => format!("{runs} runs"),
        };
        match (known, row.mark) {
            (true, Some(mark)) => Some(format!("{mark}, {runs}")),
            (true, None) => Some(runs),
            (false, _) => last.then(|| "opened last".to_owned()),
        }
    }

    /// The ids of which something is known.
    pub(crate) fn ids(&self) -> Vec<String> {
        let known = known(&self.table).unwrap_or_default();
        known.scenario.into_keys().collect()
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> Option<String> {
        let mut table = self.table.clone();
        table.insert("format".to_owned(), FORMAT.into());
        Some(format!("{HEAD}{}", toml::to_string(&table).ok()?))
    }

    fn row(&self, id: &str) -> Row {
        let mut known = known(&self.table).unwrap_or_default();
        known.scenario.remove(id).unwrap_or_default()
    }

    /// The table of a scenario, made where there is none.
    fn scenario(&mut self, id: &str) -> Option<&mut Table> {
        self.inner("scenario", id)
    }

    /// A table of a table, both made where there is none.
    fn inner(&mut self, outer: &str, id: &str) -> Option<&mut Table> {
        let empty = || Value::Table(Table::new());
        let rows = self
            .table
            .entry(outer)
            .or_insert_with(empty)
            .as_table_mut()?;
        rows.entry(id).or_insert_with(empty).as_table_mut()
    }
}

fn known(table: &Table) -> Option<Known> {
    Value::Table(table.clone()).try_into().ok()
}

fn progress(known: Known) -> Progress {
    let rows = known.scenario.into_iter();
    let marks = rows.filter_map(|(id, row)| {
        // A word that we do not know was once run, too.
        let mark = row.mark.map(|words| mark_of(&words).unwrap_or(Mark::Seen));
        Some((id, mark?))
    });
    let tries = known.practice.into_iter().map(|(row, known)| {
        let tries = Tries {
            right: known.right,
            wrong: known.wrong,
            next: known.next,
        };
        (row, tries)
    });
    Progress {
        marks: marks.collect(),
        practice: tries.collect(),
        last: known.last,
        sentences: Vec::new(),
    }
}

fn mark_of(words: &str) -> Option<Mark> {
    Mark::ALL.into_iter().find(|mark| mark.words() == words)
}
