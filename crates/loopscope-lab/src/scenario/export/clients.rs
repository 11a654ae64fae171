//! The clients and their requests: rows at equal distances, and the data of a Python program.

use std::fmt::Write as _;

use loopscope_trace::{Client, ClientId, FunctionId, Nanos, Prints, Story};

use crate::scenario::decode::notation::decimal;
use crate::scenario::listing::program::Program;
use crate::scenario::listing::quoted::literal;
use crate::scenario::model::step::Action;

/// Requests of one client to one function, at equal distances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) client: ClientId,
    pub(crate) function: FunctionId,
    /// The first.
    pub(crate) at: Nanos,
    pub(crate) times: u64,
    /// The time between two.
    pub(crate) every: Nanos,
    pub(crate) shared: bool,
}

/// All requests of a story, client by client.
pub(crate) fn rows(story: &Story) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut planned: Vec<_> = story.planned.iter().collect();
    planned.sort_by_key(|planned| planned.client);
    for planned in planned {
        let shared = planned.shared;
        let fits = |row: &Row| {
            let next = row.at + Nanos(row.every.0 * row.times);
            let same = row.client == planned.client
                && row.function == planned.function
                && row.shared == shared;
            same && (row.times == 1 || next == planned.at)
        };
        match rows.iter_mut().rev().find(|row| fits(row)) {
            Some(row) => {
                if row.times == 1 {
                    row.every = planned.at.since(row.at);
                }
                row.times += 1;
            }
            None => rows.push(Row {
                client: planned.client,
                function: planned.function,
                at: planned.at,
                times: 1,
                every: Nanos::ZERO,
                shared,
            }),
        }
    }
    rows
}

/// How long a client waits for an answer.
pub(crate) fn patience(client: &Client) -> Option<Nanos> {
    match (client.timeout, client.leaves) {
        (Some(timeout), Some(leaves)) => Some(timeout.min(leaves)),
        (timeout, leaves) => timeout.or(leaves),
    }
}

/// Whether and when a client prints its answers.
pub(crate) fn prints(client: &Client) -> Option<&'static str> {
    client.prints.map(|prints| match prints {
        Prints::Answered => "answered",
        Prints::InOrder => "in order",
    })
}

/// The clients and their requests, as data of a Python program.
pub(crate) fn in_python(program: &Program<'_>) -> String {
    let story = program.story;
    let mut text = String::from("CLIENTS = {\n");
    let rows = rows(story);
    for (at, client) in story.clients.iter().enumerate() {
        let mut kind = Vec::new();
        if let Some(patience) = patience(client) {
            kind.push(format!("\"patience\": {}", seconds(patience)));
        }
        if rows
            .iter()
            .any(|row| row.client.index() == at && row.shared)
        {
            kind.push("\"shared\": True".to_owned());
        }
        if let Some(prints) = prints(client) {
            kind.push(format!("\"prints\": \"{prints}\""));
        }
        let _ = writeln!(
            text,
            "    {}: {{{}}},",
            literal(&client.name),
            kind.join(", ")
        );
    }
    text.push_str("}\nREQUESTS = [\n    # at, client, route\n");
    for row in rows {
        text.push_str(&line(program, row));
    }
    text.push_str("]\n");
    let uploads = uploads(program);
    if !uploads.is_empty() {
        let _ = writeln!(text, "UPLOADS = {{{}}}", uploads.join(", "));
    }
    text
}

/// The sizes of what is sent to the routes that read a file.
fn uploads(program: &Program<'_>) -> Vec<String> {
    let functions = program.functions.iter();
    functions
        .filter_map(|function| {
            let bytes = function.body.iter().find_map(|step| match step.action {
                Action::ReadFile(bytes) => Some(bytes),
                _ => None,
            });
            let route = function.route.as_ref()?;
            bytes.map(|bytes| format!("{}: {bytes}", literal(route)))
        })
        .collect()
}

/// The names of the client and of the route of a row.
fn names(program: &Program<'_>, row: Row) -> (String, String) {
    let client = program.story.clients.get(row.client.index());
    let function = program.function(row.function);
    let route = function.and_then(|function| function.route.as_deref());
    let client = client.map_or("?", |client| client.name.as_str());
    (literal(client), literal(route.unwrap_or_default()))
}

fn line(program: &Program<'_>, row: Row) -> String {
    let (client, route) = names(program, row);
    let at = seconds(row.at);
    match (row.times, row.every) {
        (1, _) => format!("    ({at}, {client}, {route}),\n"),
        (times, Nanos::ZERO) => format!("    *[({at}, {client}, {route})] * {times},\n"),
        (times, every) => {
            let every = seconds(every);
            format!("    *(({at} + {every} * n, {client}, {route}) for n in range({times})),\n")
        }
    }
}

pub(crate) fn seconds(length: Nanos) -> String {
    decimal(length.0, 1_000_000_000)
}

/// The clients and their requests, as data of a Rust program.
pub(crate) fn in_rust(program: &Program<'_>) -> String {
    let story = program.story;
    let rows = rows(story);
    let mut text = String::from(
        "\n// --- who asks, and when\n\n/// Name, whether it shares one connection, how long it waits, whether it prints its answers.\nconst CLIENTS: &[(&str, bool, f64, bool)] = &[\n",
    );
    for (at, client) in story.clients.iter().enumerate() {
        let shared = rows
            .iter()
            .any(|row| row.client.index() == at && row.shared);
        let patience = patience(client).map_or_else(
            || "f64::INFINITY".to_owned(),
            |patience| format!("{:?}", patience.as_secs_f64()),
        );
        let prints = client.prints.is_some();
        let _ = writeln!(
            text,
            "    ({}, {shared}, {patience}, {prints}),",
            literal(&client.name)
        );
    }
    text.push_str("];\n/// At, client, route, how many, the time between two.\nconst REQUESTS: &[(f64, &str, &str, u64, f64)] = &[\n");
    let mut all = 0;
    for row in rows {
        let (client, route) = names(program, row);
        let (at, every) = (row.at.as_secs_f64(), row.every.as_secs_f64());
        let _ = writeln!(
            text,
            "    ({at:?}, {client}, {route}, {}, {every:?}),",
            row.times
        );
        all += row.times;
    }
    let _ = writeln!(text, "];\nconst ALL_REQUESTS: usize = {all};");
    text
}
