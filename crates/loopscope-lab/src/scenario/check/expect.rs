//! `[expect]`: what the run must show, and whether it can.

use std::ops::Range as Span;

use loopscope_trace::{Client, Expectation, VariableId};

use crate::scenario::check::cost::Prints;
use crate::scenario::check::known::{Known, unprinted};
use crate::scenario::check::requests;
use crate::scenario::decode::record::Record;
use crate::scenario::resolve::names::Names;
use crate::scenario::resolve::program::Program;
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

const PEAKS: &[&str] = &["pool_threads", "pool_queue", "ready", "backlog", "tasks"];

/// Reads `[expect]`. With `facts`, what can never hold is said.
pub(crate) fn read(
    record: Option<&Record>,
    program: &Program,
    clients: &[Client],
    facts: Option<Known<'_>>,
    finder: &mut Finder<'_>,
) -> Expectation {
    let Some(record) = record else {
        return Expectation::default();
    };
    if let Some(facts) = facts {
        check(record, facts, finder);
    }
    variables(record, &program.names, finder);
    let of_requests = requests::read(record, program, clients, facts, finder);
    let texts = |key: &str| {
        let lines = record.lines(key)?.iter();
        Some(lines.map(|(line, _)| line.clone()).collect::<Vec<_>>())
    };
    let moments = record.rows("timeline").iter();
    let peak = record.row("peak");
    let cores = record.row("needs").and_then(|needs| needs.number("cores"));
    Expectation {
        output: texts("output"),
        output_any_order: texts("output_any_order"),
        timeline: moments
            .filter_map(|row| Some((row.length("at")?, row.text("text")?.to_owned())))
            .collect(),
        elapsed: record.range("elapsed"),
        insights: texts("insights").unwrap_or_default(),
        no_insights: texts("no_insights").unwrap_or_default(),
        peak: PEAKS
            .iter()
            .filter_map(|key| Some(((*key).to_owned(), peak?.range(key)?)))
            .collect(),
        requests: record.range("requests"),
        given_up: record.range("given_up"),
        distinct: record.range("distinct"),
        variables: record
            .figures("variables")
            .iter()
            .map(|(name, _, range)| (name.clone(), *range))
            .collect(),
        outcome: record.text("outcome").map(str::to_owned),
        needs_cores: cores.and_then(|cores| u32::try_from(cores).ok()),
        ..of_requests
    }
}

/// The names of `variables`; with several processes each has a copy, `visits@process-1`.
fn variables(record: &Record, names: &Names, finder: &mut Finder<'_>) {
    for (name, span, _) in record.figures("variables") {
        let (own, copy) = name.split_once('@').unwrap_or((name, "process-1"));
        let number = copy.strip_prefix("process-").map(str::parse::<u32>);
        let known = names.find::<VariableId>(own, span.clone(), finder);
        if known.is_some() && !matches!(number, Some(Ok(1..))) {
            let message = format!("`{}` is no process", words::short(copy));
            let help = format!("write \"{own}@process-1\" for the copy of the first process");
            finder.help("unknown-name", span.clone(), message, help);
        }
    }
}

fn check(record: &Record, facts: Known<'_>, finder: &mut Finder<'_>) {
    let cut = record.text("outcome") == Some("unfinished") || facts.prints.less;
    for key in ["output", "output_any_order"] {
        if let Some(lines) = record.lines(key) {
            output(lines, &record.at(key), facts.prints, cut, finder);
        }
    }
    for row in record.rows("timeline") {
        let text = row.text("text").unwrap_or_default();
        if row.get("text").is_some() && !facts.prints.open && !facts.prints.lines.contains_key(text)
        {
            let (message, help) = unprinted(text, facts.prints);
            finder.help("cannot-hold", row.at("text"), message, help);
        }
    }
    beyond(record, facts, finder);
    contradictions(record, finder);
}

/// Figures that no run can reach.
fn beyond(record: &Record, facts: Known<'_>, finder: &mut Finder<'_>) {
    let mut most = |record: &Record, key: &str, most: f64, help: String| {
        if record.range(key).is_some_and(|range| range.from > most) {
            let message = "this can never be reached".to_owned();
            finder.help("cannot-hold", record.at(key), message, help);
        }
    };
    let requests = facts.planned.len();
    let sent = words::count(requests as u64, "request");
    for key in ["requests", "distinct", "given_up"] {
        let help = format!("the clients send {sent}");
        most(record, key, requests as f64, help);
    }
    if !facts.gives_up() {
        let help = "no client has a `timeout` or `leaves`".to_owned();
        most(record, "given_up", 0.0, help);
    }
    let help = format!("the run is stopped at {}s", facts.limit);
    most(record, "elapsed", facts.limit, help);
    if let Some(peak) = record.row("peak") {
        let named: u32 = facts.pools.iter().map(|pool| pool.threads).sum();
        let threads = (facts.runtime.pool_threads + named) * facts.runtime.processes.max(1);
        let help = format!("the pools have {}", words::count(threads.into(), "thread"));
        most(peak, "pool_threads", f64::from(threads), help);
    }
}

/// Each expected line is printed, and as often as that; nothing else is.
fn output(
    lines: &[(String, Span<usize>)],
    whole: &Span<usize>,
    prints: &Prints,
    cut: bool,
    finder: &mut Finder<'_>,
) {
    if prints.open {
        return;
    }
    let before = finder.count();
    let mut left = prints.lines.clone();
    for (line, span) in lines {
        match left.get_mut(line) {
            None => {
                let (message, help) = unprinted(line, prints);
                finder.help("cannot-hold", span.clone(), message, help);
            }
            Some(0) => {
                let message = format!("`{}` is not printed so often", words::short(line));
                let times = prints.lines.get(line).copied().unwrap_or_default();
                let help = format!("it is printed {}", words::count(times, "time"));
                finder.help("cannot-hold", span.clone(), message, help);
            }
            Some(count) => *count -= 1,
        }
    }
    let missing: u64 = left.values().sum();
    if !cut && missing > 0 && finder.count() == before {
        let message = format!(
            "{} expected, but {} printed",
            words::count(lines.len() as u64, "line"),
            prints.lines.values().sum::<u64>()
        );
        let help = "list every line, or leave the key out";
        let place = whole.start..whole.start + 1;
        finder.help("cannot-hold", place, message, help);
    }
}

fn contradictions(record: &Record, finder: &mut Finder<'_>) {
    let wanted = record.lines("insights").unwrap_or_default();
    for (kind, span) in record.lines("no_insights").unwrap_or_default() {
        let both = wanted.iter().any(|(other, _)| other == kind);
        if both || (kind == "*" && !wanted.is_empty()) {
            let message = format!("`{kind}` is both expected and ruled out");
            let help = "keep it in one of the two lists";
            finder.help("cannot-hold", span.clone(), message, help);
        }
    }
}
