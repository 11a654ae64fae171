//! Each kind of expectation, held and broken, on a made-up report.

use serde_json::json;

use crate::app::check::expect::held;
use loopscope_trace::{EndReason, Expectation, Got, Latency, Nanos, Piece, Range};

/// What a run of two lines at speed 10 breaks of an expectation.
fn broken(expect: &Expectation) -> Vec<String> {
    let report = json!({
        "elapsed": 2.0,
        "output": [{ "at": 0.0, "text": "in" }, { "at": 2.05, "text": "out" }],
        "requests": [
            { "client": "tab", "route": "/a", "sent": 0.0, "finished": 1.0, "response": "ok" },
            { "client": "tab", "route": "/a", "sent": 0.5, "response": null, "given_up": 1.5,
              "chunks": ["one", "late"], "chunk_moments": [1.0, 2.0] },
            { "client": "you", "route": "/a", "sent": 0.0, "response": null, "live": true },
        ],
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

fn latency(median: Option<f64>, longest: Option<f64>) -> Latency {
    let exact = |figure: f64| range(figure, figure);
    Latency {
        route: "/a".to_owned(),
        median: median.map(exact),
        longest: longest.map(exact),
    }
}

fn piece(at: f64, text: &str) -> Piece {
    Piece {
        client: "tab".to_owned(),
        at: Nanos::from_secs_f64(at),
        text: text.to_owned(),
    }
}

fn got(answers: &[&str]) -> Got {
    Got {
        client: "tab".to_owned(),
        answers: lines(answers).unwrap_or_default(),
    }
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
        latency: vec![latency(Some(1.0), Some(1.3))],
        chunks: vec![piece(1.2, "one")],
        got: vec![got(&["ok", "given up"])],
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

#[test]
fn what_requests_wait_for_is_held() {
    let none = Expectation::default;
    let held = |median, longest| Expectation {
        latency: vec![latency(median, longest)],
        ..none()
    };
    one(
        &held(Some(2.0), None),
        &["latency of /a, median: expected 2.000s, seen 1.000s (1 answered)"],
    );
    one(
        &held(None, Some(0.5)),
        &["latency of /a, longest: expected 0.500s, seen 1.000s"],
    );
    assert_eq!(broken(&held(Some(2.0), Some(0.5))).len(), 2);
    let mut elsewhere = held(None, Some(0.5));
    elsewhere.latency[0].route = "/b".to_owned();
    one(&elsewhere, &["/b", "seen nothing (0 answered)"]);
}

#[test]
fn an_even_number_of_waits_has_its_median_between_the_two() {
    let wait = |wait: f64| json!({ "route": "/a", "sent": 1.0, "finished": 1.0 + wait });
    let report = json!({ "requests": [wait(4.0), wait(1.0), wait(3.0), wait(1.0)] });
    let held = |median: f64| {
        let expect = Expectation {
            latency: vec![latency(Some(median), None)],
            ..Expectation::default()
        };
        held(&expect, report.clone(), 1.0, Some(EndReason::Finished)).is_empty()
    };
    assert!(held(2.0) && !held(1.0) && !held(3.0));
}

#[test]
fn pieces_come_at_their_moment_and_only_to_who_still_waits() {
    let none = Expectation::default;
    let held = |chunks| Expectation { chunks, ..none() };
    one(
        &held(vec![piece(2.0, "one")]),
        &["chunks: expected \"one\" for tab at 2.000s, seen at 1.000s"],
    );
    one(&held(vec![piece(2.0, "late")]), &["\"late\"", "seen never"]);
    one(
        &held(vec![piece(1.0, "one"), piece(1.0, "one")]),
        &["\"one\""],
    );
    let other = Piece {
        client: "another".to_owned(),
        ..piece(1.0, "one")
    };
    one(&held(vec![other]), &["for another", "seen never"]);
}

#[test]
fn what_a_client_gets_is_held_request_by_request() {
    let held = |answers: &[&str]| Expectation {
        got: vec![got(answers)],
        ..Expectation::default()
    };
    one(
        &held(&["ok", "ok"]),
        &[
            "got by tab, request 2: expected \"ok\", seen \"given up\"",
            "answers = [\"ok\", \"given up\"]",
        ],
    );
    one(
        &held(&["no", "given up"]),
        &["request 1: expected \"no\", seen \"ok\""],
    );
    one(
        &held(&["ok"]),
        &["request 2: expected no request, seen \"given up\""],
    );
    one(
        &held(&["ok", "given up", "ok"]),
        &["request 3: expected \"ok\", seen no request"],
    );
    let report = json!({ "requests": [{ "client": "tab", "sent": 0.0, "response": null }] });
    let unfinished = super::held(&held(&["nothing"]), report, 1.0, Some(EndReason::Finished));
    assert_eq!(unfinished, [""; 0]);
}
