//! Many runs as a report and as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use loopscope_timeline::Spread;
use loopscope_trace::Story;

/// Longer charts say how many rows they leave out.
const ROWS: usize = 8;
/// Columns of the longest bar.
const BAR: u32 = 30;

/// What many runs came to, as a program can read it; format 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpreadReport {
    /// The version of this shape: 1.
    pub format: u32,
    /// The scenario's id.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// Scenario seconds in a wall second.
    pub speed: f64,
    /// How many runs there were.
    pub times: u32,
    /// How many did not come to their own end.
    pub unfinished: u32,
    /// Scenario seconds of the shortest, the middle and the longest run.
    pub elapsed: Option<Lengths>,
    /// The orders of lines, the most frequent one first.
    pub orders: Vec<OrderRow>,
    /// Of each variable its last values, the most frequent one first.
    pub variables: BTreeMap<String, Vec<ValueRow>>,
    /// Kinds of findings, and how many runs had at least one.
    pub insights: BTreeMap<&'static str, u32>,
    /// The same in sentences.
    pub sentences: Vec<String>,
}

/// Scenario seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Lengths {
    /// Of the shortest run.
    pub least: f64,
    /// Of the one in the middle.
    pub median: f64,
    /// Of the longest run.
    pub most: f64,
}

/// An order of lines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderRow {
    /// How many runs printed so.
    pub runs: u32,
    /// The lines.
    pub lines: Vec<String>,
}

/// A last value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ValueRow {
    /// How many runs ended with it.
    pub runs: u32,
    /// The value.
    pub value: String,
}

/// The report of many runs.
pub fn report(story: &Story, spread: &Spread) -> SpreadReport {
    let orders = spread.by_count().into_iter().map(|(lines, runs)| OrderRow {
        runs,
        lines: lines.to_vec(),
    });
    let values = spread.variables.iter().map(|(name, values)| {
        let mut rows: Vec<ValueRow> = values
            .iter()
            .map(|(value, runs)| ValueRow {
                runs: *runs,
                value: value.clone(),
            })
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.runs));
        (name.clone(), rows)
    });
    SpreadReport {
        format: 1,
        scenario: story.id.clone(),
        title: story.title.clone(),
        speed: story.speed,
        times: spread.runs,
        unfinished: spread.unfinished,
        elapsed: spread.lengths().map(|[least, median, most]| Lengths {
            least,
            median,
            most,
        }),
        orders: orders.collect(),
        variables: values.collect(),
        insights: spread.insights.clone(),
        sentences: spread.sentences(),
    }
}

/// The same as text, with bars.
pub fn text(report: &SpreadReport) -> String {
    let mut out = format!("{}\n", report.title);
    for sentence in &report.sentences {
        let _ = writeln!(out, "{sentence}");
    }
    if let Some(lengths) = report.elapsed {
        let _ = writeln!(
            out,
            "took {:.2}s to {:.2}s, in the middle {:.2}s",
            lengths.least, lengths.most, lengths.median
        );
    }
    let orders = report
        .orders
        .iter()
        .map(|row| (row.runs, row.lines.join(" ")));
    if report.orders.iter().any(|row| !row.lines.is_empty()) {
        chart(&mut out, "orders", orders.collect(), report.times);
    }
    for (name, values) in &report.variables {
        let rows = values.iter().map(|row| (row.runs, row.value.clone()));
        chart(&mut out, name, rows.collect(), report.times);
    }
    out
}

fn chart(out: &mut String, title: &str, rows: Vec<(u32, String)>, times: u32) {
    let _ = writeln!(out, "\n{title}");
    for (runs, words) in rows.iter().take(ROWS) {
        let cells = (runs * BAR).div_ceil(times.max(1));
        let bar = "#".repeat(cells as usize);
        let words: String = words.chars().take(60).collect();
        let _ = writeln!(out, "{runs:>6}  {bar:<30}  {words}");
    }
    if rows.len() > ROWS {
        let _ = writeln!(out, "        and {} more", rows.len() - ROWS);
    }
}
