//! What a request costs a loop that has no time for it: turns, and CPython's lock.
//!
//! How many turns of the loop a server takes for a request: beside a handler that computes in parts and gives way
//! between them, each turn lasts as long as a part. The counts are those of uvicorn 0.54 on asyncio's loop, with h11
//! and with httptools alike, and those of the exported Rust program. The lengths beside threads that compute were measured
//! with CPython 3.11.

use crate::common::play::{Played, toml_in};
use loopscope::trace::Clock::Virtual;
use loopscope::trace::Language::{self, Python, Rust};
use loopscope::trace::{EventKind, RequestId};

/// A handler of many parts of 100ms, and a request to `/b` 20ms after its begin.
fn beside_parts(function: &str, client: &str) -> String {
    format!(
        r#"
        title = "t"
        asks = "a"
        shows = "s"
        [[function]]
        name = "parts"
        route = "/a"
        body = [{{ repeat = 20, do = [{{ block = "100ms" }}, {{ yield = true }}] }}, {{ respond = "a" }}]
        [[function]]
        name = "other"
        route = "/b"
        {function}
        body = [{{ print = "begins" }}, {{ respond = "b" }}]
        [[function]]
        name = "before"
        route = "/before"
        body = [{{ respond = "" }}]
        [[client]]
        name = "one"
        requests = [{{ route = "/a", at = "1s" }}]
        [[client]]
        name = "other"
        {client}
        "#
    )
}

const NEW: &str = "requests = [{ route = \"/b\", at = \"1020ms\" }]";
const KEPT: &str = "connection = \"shared\"\n\
    requests = [{ route = \"/before\" }, { route = \"/b\", at = \"1020ms\" }]";

/// After how many parts it begins, and after how many it has its answer.
fn parts(played: &Played) -> (u64, u64) {
    let parts = |wanted: fn(&EventKind) -> bool| {
        let late = |event: &&loopscope::trace::Event| event.at.as_secs_f64() > 1.01;
        let mut events = played.trace.events.iter().filter(late);
        let found = events
            .find(|event| wanted(&event.kind))
            .map(|event| event.at);
        found.map_or(0, |at| (at.0 / 1_000_000 - 1000) / 100)
    };
    (
        parts(|kind| matches!(kind, EventKind::Output { .. })),
        parts(|kind| matches!(kind, EventKind::RequestAnswered { .. })),
    )
}

#[test]
fn a_new_connection_and_a_plain_function_cost_turns() {
    let play = |function: &str, client: &str, language: Language| {
        parts(&toml_in(
            &beside_parts(function, client),
            language,
            Virtual,
            1.0,
        ))
    };
    let plain = "async = false";
    assert_eq!(play("", NEW, Python), (6, 6));
    assert_eq!(play("", KEPT, Python), (3, 3));
    // It begins while the eighth part is computed, on a thread of its own.
    assert_eq!(play(plain, NEW, Python), (8, 10));
    assert_eq!(play(plain, KEPT, Python), (5, 7));
    for client in [NEW, KEPT] {
        assert_eq!(play("", client, Rust), (2, 2));
        assert_eq!(play(plain, client, Rust).1, 3);
    }
}

#[test]
fn a_request_waits_for_the_rest_of_a_handler_of_three_parts() {
    let handler = |name: &str| {
        format!(
            "[[function]]\nname = \"{name}\"\nroute = \"/{name}\"\nbody = [{{ print = \"{name} begins\" }}, \
             {{ repeat = 3, do = [{{ block = \"500ms\" }}, {{ yield = true }}, {{ print = \"{name}\" }}] }}, \
             {{ respond = \"{name}\" }}]\n"
        )
    };
    let source = format!(
        "title = \"t\"\nasks = \"a\"\nshows = \"s\"\n{}{}\
         [[client]]\nname = \"one\"\nrequests = [{{ route = \"/a\" }}]\n\
         [[client]]\nname = \"other\"\nrequests = [{{ route = \"/b\", at = \"20ms\" }}]\n",
        handler("a"),
        handler("b")
    );
    let played = toml_in(&source, Python, Virtual, 1.0);
    let lines = ["a begins", "a", "a", "a", "b begins", "b", "b", "b"];
    assert_eq!(played.output(), lines);
    let begins = played.nth(5, |kind| matches!(kind, EventKind::Output { .. }));
    assert_eq!(played.at(begins), 1.5);
}

/// Milliseconds from sent to answered, of each request of a route in turn.
fn answered(played: &Played, route: &str) -> Vec<f64> {
    let asks = |kind: &EventKind| match *kind {
        EventKind::RequestSent { request, route, .. } => Some((request, route)),
        _ => None,
    };
    let at = |wanted: RequestId| {
        let answered = played.nth(
            1,
            |kind| matches!(kind, EventKind::RequestAnswered { request, .. } if *request == wanted),
        );
        played.at(answered)
    };
    let sent = played.trace.events.iter().filter_map(|event| {
        let (request, to) = asks(&event.kind)?;
        let own = played.text(to) == route;
        own.then(|| (at(request) - event.at.as_secs_f64()) * 1e3)
    });
    sent.collect()
}

/// So many plain functions that compute for 500ms, and a trivial route that is asked meanwhile.
fn burning(threads: u32) -> Played {
    // No more than one at a time, as it was measured.
    let every = if threads > 4 { 200 } else { 50 };
    let asked = threads * 500 / every - 1;
    let source = format!(
        r#"
        title = "t"
        asks = "a"
        shows = "s"
        [runtime]
        gil = true
        [[function]]
        name = "burn"
        route = "/burn"
        async = false
        body = [{{ print = "begins" }}, {{ cpu = "500ms" }}, {{ respond = "burnt" }}]
        [[function]]
        name = "get_item"
        route = "/item"
        body = [{{ respond = "Key" }}]
        [[client]]
        name = "both"
        requests = [{{ route = "/burn", times = {threads} }}, {{ route = "/item", at = "50ms", times = {asked}, every = "{every}ms" }}]
        "#
    );
    toml_in(&source, Python, Virtual, 1.0)
}

#[test]
fn a_loop_beside_threads_that_compute_waits_for_the_lock_several_times_a_request() {
    for (threads, real) in [(1, 16.0), (2, 27.0), (4, 34.0), (8, 73.0)] {
        let mut lengths = answered(&burning(threads), "/item");
        lengths.sort_by(f64::total_cmp);
        let median = lengths[lengths.len() / 2];
        let share = median / real;
        assert!(
            (0.7..1.3).contains(&share),
            "{threads}: {median} ms, really {real} ms"
        );
    }
}

#[test]
fn a_thread_that_begins_has_to_have_had_the_lock() {
    let played = burning(4);
    let begins = |nth| played.at(played.nth(nth, |kind| matches!(kind, EventKind::Output { .. })));
    // Really 16, 31, 62 and 103 ms after the requests were sent, of which the first 16 are HTTP.
    assert_eq!(begins(1), 0.0);
    assert!((0.010..0.025).contains(&begins(2)), "{}", begins(2));
    assert!((0.030..0.060).contains(&begins(3)), "{}", begins(3));
    assert!((0.050..0.110).contains(&begins(4)), "{}", begins(4));
}

#[test]
fn c_code_that_keeps_the_lock_holds_up_the_loop_from_a_thread_too() {
    let play = |more: &str, language: Language| {
        let source = format!(
            r#"
            title = "t"
            asks = "a"
            shows = "s"
            [runtime]
            gil = true
            [[function]]
            name = "encode"
            route = "/encode"
            async = false
            body = [{{ cpu = "400ms"{more} }}, {{ respond = "document" }}]
            [[function]]
            name = "ping"
            route = "/ping"
            body = [{{ respond = "pong" }}]
            [[client]]
            name = "both"
            requests = [{{ route = "/encode" }}, {{ route = "/ping", at = "50ms" }}]
            "#
        );
        answered(&toml_in(&source, language, Virtual, 1.0), "/ping")[0].round() as u64
    };
    assert_eq!(play(", keeps_gil = true", Python), 350);
    assert_eq!(play("", Python), 15);
    assert_eq!(play(", keeps_gil = true", Rust), 0);
}
