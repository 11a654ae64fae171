//! Holds a run against its expectations: one small function for each kind.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::app::check::requests;
use crate::app::check::run::{COPIED, Run, SLACK, all_of, between, count, differs, seconds};
use loopscope_timeline::Timeline;
use loopscope_trace::{EndReason, Expectation};

/// All kinds of expectation, in the order in which they are said.
const KINDS: [fn(&Run<'_>) -> Vec<String>; 16] = [
    lost,
    outcome,
    output,
    any_order,
    timeline,
    elapsed,
    insights,
    no_insights,
    peaks,
    requests::answered,
    requests::given_up,
    requests::distinct,
    requests::latency,
    requests::chunks,
    requests::got,
    variables,
];

/// Every expectation that the run did not meet, a sentence each.
pub(crate) fn failures(expect: &Expectation, timeline: &Timeline) -> Vec<String> {
    let report = match serde_json::to_value(crate::export::build::report(timeline)) {
        Ok(report) => report,
        Err(error) => return vec![format!("the run has no report: {error}")],
    };
    let speed = timeline.story().speed;
    held(expect, report, speed, timeline.ended())
}

/// The same for a report, the speed of its run, and how the run ended.
pub(crate) fn held(
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

/// A run that lost events or requests proves nothing.
fn lost(run: &Run<'_>) -> Vec<String> {
    let requests = run.list("requests").iter();
    let refused = requests.filter_map(|request| request["refused"].as_str());
    let refused: Vec<&str> = refused.collect();
    if let [why, ..] = refused.as_slice() {
        let count = refused.len();
        return vec![format!("{count} requests were refused: {why}")];
    }
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

/// Which lines nothing decides the order of, where runs that differ only in that printed several orders; the file
/// has told one.
pub(crate) fn undecided(orders: &BTreeMap<Vec<String>, u32>, told: &[String]) -> Option<String> {
    let runs: u32 = orders.values().sum();
    let (other, _) = orders.iter().find(|(order, _)| order.as_slice() != told)?;
    let others = runs - orders.get(told).copied().unwrap_or(0);
    let both = told.iter().zip(other);
    let place = both.take_while(|(one, other)| one == other).count();
    let line = |lines: &[String]| {
        lines
            .get(place)
            .map_or("the end".to_owned(), |line| format!("{line:?}"))
    };
    let mut sorted = [told.to_vec(), other.clone()];
    sorted.iter_mut().for_each(|lines| lines.sort());
    let cure = match sorted[0] == sorted[1] && told.len() <= COPIED {
        true => format!("; what holds: output_any_order = {told:?}"),
        false => String::new(),
    };
    Some(format!(
        "output, line {}: an order that nothing decides: {} in this run, {} in another ({others} of {runs} runs printed \
         another order){cure}",
        place + 1,
        line(told),
        line(other),
    ))
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
    let expected = run.expect.timeline.iter();
    let expected = expected.map(|(at, text)| (*at, text.as_str()));
    let printed = run.list("output").iter();
    let printed = printed.filter_map(|line| Some((line["at"].as_f64()?, line["text"].as_str()?)));
    run.at_moments(expected, printed.collect(), |text| {
        format!("timeline: expected {text:?}")
    })
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

/// The last values of variables that are numbers.
fn variables(run: &Run<'_>) -> Vec<String> {
    let held = run.expect.variables.iter().filter_map(|(name, range)| {
        let seen = &run.report["variables"][name];
        let sentence = format!("variable {name}");
        match seen.as_str() {
            Some(text) => Some(format!(
                "{sentence}: expected {}, seen {text:?}",
                between(*range, |figure| figure.to_string())
            )),
            None => count(&sentence, seen, *range),
        }
    });
    held.collect()
}

#[cfg(test)]
#[path = "../../../tests/inside/check.rs"]
mod tests;
