//! Each kind of expectation, held and broken, on a made-up report.

use serde_json::json;

use crate::app::check::expect::held;
use loopscope_trace::{EndReason, Expectation, Nanos, Range};

/// What a run of two lines at speed 10 breaks of an expectation.
fn broken(expect: &Expectation) -> Vec<String> {
    let report = json!({
        "elapsed": 2.0,
        "output": [{ "at": 0.0, "text": "in" }, { "at": 2.05, "text": "out" }],
        "requests": [{ "response": "ok" }, { "response": null, "given_up": 1.5 }],
        "variables": { "id": 2, "name": "b" },
        "insights": [{ "kind": "starved" }],
        "peak": { "pool_threads": 40 },
        "dropped": 0,
    });
    held(expect, report, 10.0, Some(EndReason::Finished))
}

fn one(expect: &Expectation, parts: &[&str]) {
    let sentences = broken(expect);
    assert_eq!(sentences.len(), 1, "{sentences:?}");
    for part in parts {
        assert!(sentences[0].contains(part), "no {part:?} in {sentences:?}");
    }
}

fn lines(lines: &[&str]) -> Option<Vec<String>> {
    Some(lines.iter().map(|line| (*line).to_owned()).collect())
}

fn range(from: f64, to: f64) -> Range {
    Range { from, to }
}

#[test]
fn what_is_met_is_not_said() {
    let expect = Expectation {
        output: lines(&["in", "out"]),
        output_any_order: lines(&["out", "in"]),
        timeline: vec![(Nanos::from_secs(2), "out".to_owned())],
        // 30 ms of wall time at speed 10 are 0.3 s.
        elapsed: Some(range(2.3, 2.3)),
        insights: vec!["starved".to_owned()],
        no_insights: vec!["*".to_owned()],
        peak: vec![("pool_threads".to_owned(), range(40.0, 40.0))],
        requests: Some(range(1.0, 1.0)),
        given_up: Some(range(1.0, 1.0)),
        distinct: Some(range(1.0, 1.0)),
        variables: vec![("id".to_owned(), range(1.0, 2.0))],
        outcome: Some("finished".to_owned()),
        needs_cores: None,
    };
    assert_eq!(broken(&expect), [""; 0]);
    assert_eq!(broken(&Expectation::default()), [""; 0]);
}

#[test]
fn every_kind_names_what_was_expected_and_seen() {
    let none = Expectation::default;
    let output = lines(&["in", "in"]);
    one(
        &Expectation { output, ..none() },
        &["line 2", "\"in\"", "\"out\""],
    );
    let output = lines(&["in", "out", "more"]);
    one(
        &Expectation { output, ..none() },
        &["line 3", "\"more\"", "nothing"],
    );
    let output_any_order = lines(&["in"]);
    one(
        &Expectation {
            output_any_order,
            ..none()
        },
        &["not expected", "\"out\""],
    );
    let timeline = vec![(Nanos::from_secs(1), "out".to_owned())];
    one(&Expectation { timeline, ..none() }, &["1.000s", "2.050s"]);
    let elapsed = Some(range(2.5, 3.0));
    // 2.5 less 0.3 is more than 2.
    one(
        &Expectation { elapsed, ..none() },
        &["2.500s to 3.000s", "2.000s"],
    );
    let insights = vec!["blocked-loop".to_owned()];
    one(
        &Expectation { insights, ..none() },
        &["blocked-loop", "starved"],
    );
    let no_insights = vec!["starved".to_owned()];
    one(
        &Expectation {
            no_insights,
            ..none()
        },
        &["no starved"],
    );
    let peak = vec![("pool_threads".to_owned(), range(0.0, 39.0))];
    one(&Expectation { peak, ..none() }, &["0 to 39", "40"]);
    let requests = Some(range(2.0, 2.0));
    one(
        &Expectation { requests, ..none() },
        &["expected 2", "seen 1"],
    );
    let outcome = Some("unfinished".to_owned());
    one(
        &Expectation { outcome, ..none() },
        &["unfinished", "finished"],
    );
}

#[test]
fn the_same_line_is_used_once() {
    let timeline = vec![(Nanos::from_secs(2), "out".to_owned()); 2];
    one(
        &Expectation {
            timeline,
            ..Expectation::default()
        },
        &["\"out\""],
    );
}

#[test]
fn lost_events_prove_nothing() {
    let seen = held(
        &Expectation::default(),
        json!({ "dropped": 3 }),
        1.0,
        Some(EndReason::Finished),
    );
    assert_eq!(seen.len(), 1);
    let stopped = held(
        &Expectation::default(),
        json!({}),
        1.0,
        Some(EndReason::Limit),
    );
    assert_eq!(stopped, ["outcome: expected finished, seen unfinished"]);
}

#[test]
fn what_requests_got_and_what_is_left_are_held() {
    let none = Expectation::default;
    let given_up = Some(range(2.0, 4.0));
    one(
        &Expectation { given_up, ..none() },
        &["given up", "2 to 4", "seen 1"],
    );
    let distinct = Some(range(2.0, 2.0));
    one(
        &Expectation { distinct, ..none() },
        &["different answers", "expected 2", "seen 1"],
    );
    for (name, seen) in [("id", "seen 2"), ("name", "seen \"b\""), ("no", "nothing")] {
        let variables = vec![(name.to_owned(), range(3.0, 3.0))];
        one(
            &Expectation {
                variables,
                ..none()
            },
            &[name, "expected 3", seen],
        );
    }
}
