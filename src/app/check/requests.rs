//! Expectations about requests: how many, how long they waited, what their clients got and when.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::app::check::run::{COPIED, Run, between, count, seconds};
use loopscope_trace::{GIVEN_UP, NOTHING, Range};

/// How many requests were answered.
pub(crate) fn answered(run: &Run<'_>) -> Vec<String> {
    let requests = run.list("requests").iter();
    let answered = requests.filter(|request| !request["response"].is_null());
    counted("requests answered", answered.count(), run.expect.requests)
}

/// How many requests their clients have given up.
pub(crate) fn given_up(run: &Run<'_>) -> Vec<String> {
    let requests = run.list("requests").iter();
    let given_up = requests.filter(|request| request["given_up"].is_number());
    counted("requests given up", given_up.count(), run.expect.given_up)
}

/// How many different answers the requests got.
pub(crate) fn distinct(run: &Run<'_>) -> Vec<String> {
    let requests = run.list("requests").iter();
    let answers = requests.filter_map(|request| request["response"].as_str());
    let answers: BTreeSet<&str> = answers.collect();
    counted("different answers", answers.len(), run.expect.distinct)
}

/// How long the requests of each route waited.
pub(crate) fn latency(run: &Run<'_>) -> Vec<String> {
    let held = run.expect.latency.iter().flat_map(|expected| {
        let route = expected.route.as_str();
        let requests = run.list("requests").iter();
        let of_route = requests.filter(|request| request["route"] == route && is_planned(request));
        let mut waits: Vec<f64> = of_route.filter_map(waited).collect();
        waits.sort_by(f64::total_cmp);
        let figures = [
            ("median", expected.median, middle(&waits)),
            ("longest", expected.longest, waits.last().copied()),
        ];
        let all = waits.len();
        figures.into_iter().filter_map(move |(name, range, seen)| {
            let range = range?;
            if seen.is_some_and(|seen| run.near(seen, range)) {
                return None;
            }
            let seen = seen.map_or("nothing".to_owned(), seconds);
            let expected = between(range, seconds);
            Some(format!(
                "latency of {route}, {name}: expected {expected}, seen {seen} ({all} answered)"
            ))
        })
    });
    held.collect()
}

/// From the sending to the answer; nothing where the client did not wait for it.
fn waited(request: &Value) -> Option<f64> {
    let answered = request["finished"].as_f64()?;
    let given_up = request["given_up"].as_f64();
    let waits = given_up.is_none_or(|given_up| given_up >= answered);
    waits.then_some(answered - request["sent"].as_f64()?)
}

/// The one in the middle of sorted figures, or what lies between the two.
fn middle(sorted: &[f64]) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    Some(f64::midpoint(sorted[last / 2], sorted[sorted.len() / 2]))
}

/// Which pieces of answers came to which client, and when.
pub(crate) fn chunks(run: &Run<'_>) -> Vec<String> {
    let expected = run.expect.chunks.iter();
    let expected = expected.map(|piece| (piece.at, (piece.client.as_str(), piece.text.as_str())));
    let requests = run.list("requests").iter();
    let requests = requests.filter(|request| is_planned(request));
    let seen = requests.flat_map(|request| {
        let client = request["client"].as_str().unwrap_or_default();
        let left = request["given_up"].as_f64().unwrap_or(f64::INFINITY);
        let list = |key: &str| request[key].as_array().cloned().unwrap_or_default();
        list("chunk_moments")
            .into_iter()
            .zip(list("chunks"))
            .filter_map(move |(at, text)| Some((at.as_f64()?, text.as_str()?.to_owned())))
            .filter(move |(at, _)| *at <= left)
            .map(move |(at, text)| (at, client, text))
    });
    let seen: Vec<(f64, &str, String)> = seen.collect();
    let pieces = seen.iter();
    let pieces = pieces.map(|(at, client, text)| (*at, (*client, text.as_str())));
    run.at_moments(expected, pieces.collect(), |(client, text)| {
        format!("chunks: expected {text:?} for {client}")
    })
}

/// What each client got, request by request.
pub(crate) fn got(run: &Run<'_>) -> Vec<String> {
    let held = run.expect.got.iter().filter_map(|expected| {
        let requests = run.list("requests").iter();
        let own = requests.filter(|request| request["client"] == expected.client.as_str());
        let seen: Vec<&str> = own.filter(|request| is_planned(request)).map(one).collect();
        if expected.answers.iter().eq(&seen) {
            return None;
        }
        let both = expected.answers.iter().zip(&seen);
        let place = both.take_while(|(one, other)| one == *other).count();
        let word =
            |text: Option<&str>| text.map_or("no request".to_owned(), |text| format!("{text:?}"));
        let few = seen.len() <= COPIED;
        let copied = few.then(|| format!("; as it was: answers = {seen:?}"));
        Some(format!(
            "got by {}, request {}: expected {}, seen {}{}",
            expected.client,
            place + 1,
            word(expected.answers.get(place).map(String::as_str)),
            word(seen.get(place).copied()),
            copied.unwrap_or_default()
        ))
    });
    held.collect()
}

/// What the client has got for a request.
fn one(request: &Value) -> &str {
    let answer = || request["response"].as_str();
    match waited(request) {
        Some(_) => answer().unwrap_or_default(),
        None if request["given_up"].is_number() => GIVEN_UP,
        None => NOTHING,
    }
}

/// Not sent by a key on the stage.
fn is_planned(request: &Value) -> bool {
    request["live"] != true
}

fn counted(name: &str, seen: usize, range: Option<Range>) -> Vec<String> {
    let failed = range.and_then(|range| count(name, &Value::from(seen), range));
    failed.into_iter().collect()
}
