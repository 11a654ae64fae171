//! What a request costs a loop that has no time for it: turns, and CPython's lock.
//!
//! How many turns of the loop a server takes for a request: beside a handler that computes in parts and gives way
//! between them, each turn lasts as long as a part. The counts are those of uvicorn 0.54 on asyncio's loop, with h11
//! and with httptools alike, and those of the exported Rust program. The lengths beside threads that compute were measured
//! with CPython 3.11.

use crate::common::play::{Played, toml_in};
use loopscope::trace::Clock::Virtual;
use loopscope::trace::Language::{self, Python, Rust};
use loopscope::trace::EventKind;

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
