//! Holds a run against its expectations: one small function for each kind.

mod shared;

use serde_json::Value;

use loopscope_timeline::Timeline;
use loopscope_trace::{EndReason, Expectation, Nanos, Range};

/// A run, as its report tells it.
struct Run<'a> {
    expect: &'a Expectation,
    /// The report (the same that `run --json` prints).
    report: Value,
    /// 30 ms of wall time in scenario seconds: what a machine with other work takes now and then.
    slack: f64,
    ended: Option<EndReason>,
}

/// The part of a figure that it may differ by.
const SHARE: f64 = 0.03;
/// The wall time that a moment may differ by.
pub(super) const SLACK: f64 = 0.030;

/// All kinds of expectation, in the order in which they are said.
const KINDS: [fn(&Run<'_>) -> Vec<String>; 13] = [
    lost,
    outcome,
    output,
    any_order,
    timeline,
    elapsed,
    insights,
    no_insights,
    peaks,
    shared::requests,
    shared::given_up,
    shared::distinct,
    shared::variables,
];

/// Every expectation that the run did not meet, a sentence each.
pub(super) fn failures(expect: &Expectation, timeline: &Timeline) -> Vec<String> {
    let report = match serde_json::to_value(crate::export::report(timeline)) {
        Ok(report) => report,
        Err(error) => return vec![format!("the run has no report: {error}")],
    };
    let speed = timeline.story().speed;
    held(expect, report, speed, timeline.ended())
}

/// The same for a report, the speed of its run, and how the run ended.
pub(super) fn held(
    expect: &Expectation,
    report: Value,
    speed: f64,
    ended: Option<EndReason>,
) -> Vec<String> {
    let run = Run {
        expect,
        report,
        slack: SLACK * speed,
        ended,
    };
    KINDS.iter().flat_map(|kind| kind(&run)).collect()
}

impl Run<'_> {
    /// Whether a figure of time lies within a range and its tolerance.
    fn near(&self, seen: f64, range: Range) -> bool {
        let tolerance = |figure: f64| (figure.abs() * SHARE).max(self.slack);
        seen >= range.from - tolerance(range.from) && seen <= range.to + tolerance(range.to)
    }

    fn list(&self, key: &str) -> &[Value] {
        self.report[key].as_array().map_or(&[], Vec::as_slice)
    }

    fn printed(&self) -> Vec<&str> {
        self.list("output")
            .iter()
            .filter_map(|line| line["text"].as_str())
            .collect()
    }

    fn found(&self) -> Vec<&str> {
        self.list("insights")
            .iter()
            .filter_map(|one| one["kind"].as_str())
            .collect()
    }
}

/// A run that lost events proves nothing.
fn lost(run: &Run<'_>) -> Vec<String> {
    match run.report["dropped"].as_u64() {
        None | Some(0) => Vec::new(),
        Some(count) => vec![format!("{count} events were lost: nothing can be proved")],
    }
}

fn outcome(run: &Run<'_>) -> Vec<String> {
    let seen = match run.ended {
        Some(EndReason::Finished) => "finished",
        _ => "unfinished",
    };
    let expected = run.expect.outcome.as_deref().unwrap_or("finished");
    differs("outcome", expected, seen)
}

/// So many lines are shown as the file would have them, to be copied.
const COPIED: usize = 12;

fn output(run: &Run<'_>) -> Vec<String> {
    let Some(expected) = &run.expect.output else {
        return Vec::new();
    };
    let seen = run.printed();
    if expected.iter().eq(seen.iter()) {
        return Vec::new();
    }
    let place = expected
        .iter()
        .zip(&seen)
        .take_while(|(one, other)| one == *other)
        .count();
    let word = |line: Option<&str>| line.map_or("nothing".to_owned(), |line| format!("{line:?}"));
    let few = (1..=COPIED).contains(&seen.len());
    let copied = few.then(|| format!("; as printed: output = {seen:?}"));
    vec![format!(
        "output, line {}: expected {}, seen {} ({} lines expected, {} seen){}",
        place + 1,
        word(expected.get(place).map(String::as_str)),
        word(seen.get(place).copied()),
        expected.len(),
        seen.len(),
        copied.unwrap_or_default()
    )]
}

fn any_order(run: &Run<'_>) -> Vec<String> {
    let Some(expected) = &run.expect.output_any_order else {
        return Vec::new();
    };
    let mut seen = run.printed();
    let mut missing = Vec::new();
    for line in expected {
        match seen.iter().position(|other| other == line) {
            Some(place) => drop(seen.swap_remove(place)),
            None => missing.push(line.as_str()),
        }
    }
    let sentence = |what: &str, lines: &[&str]| {
        let first = lines.first()?;
        Some(format!(
            "output in any order: {} {what}, such as {first:?}",
            lines.len()
        ))
    };
    sentence("lines are missing", &missing)
        .into_iter()
        .chain(sentence("lines were not expected", &seen))
        .collect()
}

fn timeline(run: &Run<'_>) -> Vec<String> {
    let mut used = vec![false; run.list("output").len()];
    let mut failures = Vec::new();
    for (at, text) in &run.expect.timeline {
        let moments: Vec<(usize, f64)> = run
            .list("output")
            .iter()
            .enumerate()
            .filter(|(_, line)| line["text"] == text.as_str())
            .filter_map(|(place, line)| Some((place, line["at"].as_f64()?)))
            .collect();
        let exact = exact(*at);
        let free = moments
            .iter()
            .find(|(place, moment)| !used[*place] && run.near(*moment, exact));
        match free {
            Some((place, _)) => used[*place] = true,
            None => failures.push(format!(
                "timeline: expected {text:?} at {}, seen {}",
                seconds(at.as_secs_f64()),
                moment_list(&moments)
            )),
        }
    }
    failures
}

fn moment_list(moments: &[(usize, f64)]) -> String {
    if moments.is_empty() {
        return "never".to_owned();
    }
    let mut words: Vec<_> = moments.iter().take(5).map(|(_, at)| seconds(*at)).collect();
    if moments.len() > 5 {
        words.push("…".to_owned());
    }
    format!("at {}", words.join(", "))
}

fn elapsed(run: &Run<'_>) -> Vec<String> {
    let Some(range) = run.expect.elapsed else {
        return Vec::new();
    };
    let seen = run.report["elapsed"].as_f64();
    if seen.is_some_and(|seen| run.near(seen, range)) {
        return Vec::new();
    }
    let seen = seen.map_or("nothing".to_owned(), seconds);
    vec![format!(
        "elapsed: expected {}, seen {seen}",
        between(range, seconds)
    )]
}

fn insights(run: &Run<'_>) -> Vec<String> {
    let found = run.found();
    run.expect
        .insights
        .iter()
        .filter(|kind| !found.contains(&kind.as_str()))
        .map(|kind| format!("insights: expected {kind}, seen {}", all_of(&found)))
        .collect()
}

fn no_insights(run: &Run<'_>) -> Vec<String> {
    let unwanted = |kind: &str| {
        let listed = &run.expect.no_insights;
        listed.iter().any(|no| no == "*" || no == kind)
            && !run.expect.insights.iter().any(|yes| yes == kind)
    };
    let mut seen: Vec<&str> = Vec::new();
    for kind in run.found() {
        if unwanted(kind) && !seen.contains(&kind) {
            seen.push(kind);
        }
    }
    seen.iter()
        .map(|kind| format!("insights: expected no {kind}, and it was found"))
        .collect()
}

fn peaks(run: &Run<'_>) -> Vec<String> {
    run.expect
        .peak
        .iter()
        .filter_map(|(name, range)| {
            count(&format!("peak {name}"), &run.report["peak"][name], *range)
        })
        .collect()
}

/// Counts are held exactly.
fn count(name: &str, seen: &Value, range: Range) -> Option<String> {
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

fn differs(name: &str, expected: &str, seen: &str) -> Vec<String> {
    if expected == seen {
        return Vec::new();
    }
    vec![format!("{name}: expected {expected}, seen {seen}")]
}

fn exact(at: Nanos) -> Range {
    let at = at.as_secs_f64();
    Range { from: at, to: at }
}

fn between(range: Range, word: impl Fn(f64) -> String) -> String {
    if range.from == range.to {
        word(range.from)
    } else {
        format!("{} to {}", word(range.from), word(range.to))
    }
}

fn seconds(figure: f64) -> String {
    format!("{figure:.3}s")
}

fn all_of(words: &[&str]) -> String {
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}
