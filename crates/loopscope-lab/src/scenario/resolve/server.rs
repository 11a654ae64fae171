//! The server's shape, and who sends it what: `[runtime]`, `[[client]]`, `[[start]]`.

use loopscope_trace::{Client, ClientId, Flavor, Nanos, Planned, Prints, RuntimeShape};

use crate::scenario::decode::record::Record;
use crate::scenario::model::scenario::Start;
use crate::scenario::resolve::program::Program;
use crate::scenario::schema::row::{MAX_REQUESTS, MAX_SECONDS};
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

/// Reads `[runtime]`.
pub(crate) fn runtime(record: Option<&Record>, finder: &mut Finder<'_>) -> RuntimeShape {
    let mut shape = RuntimeShape::default();
    let Some(record) = record else {
        return shape;
    };
    let count = |key: &str| {
        record
            .number(key)
            .and_then(|number| u32::try_from(number).ok())
    };
    let several = record.text("loop") == Some("multi_thread");
    if several {
        shape.flavor = Flavor::MultiThread;
        shape.worker_threads = 4;
    }
    if let Some(threads) = count("worker_threads") {
        if several {
            shape.worker_threads = threads;
        } else if threads != 1 {
            let message = "a current_thread loop has one thread".to_owned();
            let help = "leave `worker_threads` out, or write loop = \"multi_thread\"";
            finder.help("bad-value", record.at("worker_threads"), message, help);
        }
    }
    if let Some(threads) = count("pool_threads") {
        shape.pool_threads = threads;
    }
    shape.processes = count("processes").unwrap_or(shape.processes);
    shape.process_pool = count("process_pool").unwrap_or(shape.process_pool);
    shape.gil = record.flag("gil").unwrap_or(shape.gil);
    shape.eager_driver_handoff = record.flag("eager_driver_handoff").unwrap_or_default();
    if shape.eager_driver_handoff && !several {
        let message = "a current_thread loop has nobody to hand its timers to".to_owned();
        let help = "leave `eager_driver_handoff` out, or write loop = \"multi_thread\"";
        let place = record.at("eager_driver_handoff");
        finder.help("bad-value", place, message, help);
    }
    shape
}

/// Reads `[[client]]`: the clients, and all that they will send, by time, ties in file order.
pub(crate) fn clients(
    rows: &[Record],
    program: &Program,
    finder: &mut Finder<'_>,
) -> (Vec<Client>, Vec<Planned>) {
    let mut clients: Vec<Client> = Vec::new();
    let mut planned: Vec<Planned> = Vec::new();
    for row in rows {
        let name = row.text("name").unwrap_or_default();
        if !name.is_empty() && clients.iter().any(|client| client.name == name) {
            let message = format!("there is a client `{}` already", words::short(name));
            finder.help("duplicate", row.at("name"), message, "give it another name");
        }
        let id = ClientId::from(clients.len());
        clients.push(Client {
            name: name.to_owned(),
            timeout: row.length("timeout"),
            leaves: row.length("leaves"),
            prints: match row.text("prints") {
                Some("answered") => Some(Prints::Answered),
                Some(_) => Some(Prints::InOrder),
                None => None,
            },
        });
        let shared = row.text("connection") == Some("shared");
        for request in row.rows("requests") {
            let own = request.text("connection").map(|word| word == "shared");
            let sent = Planned {
                client: id,
                shared: own.unwrap_or(shared),
                ..Planned::default()
            };
            requests(request, sent, program, &mut planned, finder);
        }
    }
    // Stable: requests of one moment stay in file order.
    planned.sort_by_key(|planned| planned.at);
    (clients, planned)
}

fn requests(
    request: &Record,
    sent: Planned,
    program: &Program,
    planned: &mut Vec<Planned>,
    finder: &mut Finder<'_>,
) {
    if request.get("every").is_some() && request.get("times").is_none() {
        let message = "`every` needs `times`".to_owned();
        let help = "say how many are sent: times = 10";
        finder.help("missing", request.at("every"), message, help);
    }
    let Some(function) = request
        .text("route")
        .and_then(|route| program.route(route, request.at("route"), finder))
    else {
        return;
    };
    let at = request.length("at").unwrap_or_default();
    let every = request.length("every").unwrap_or_default();
    let times = request.number("times").unwrap_or(1).unsigned_abs();
    let last = at + Nanos(every.0.saturating_mul(times.saturating_sub(1)));
    if last > Nanos::from_secs(MAX_SECONDS) {
        let message = "the last of these requests is sent after more than a day".to_owned();
        let help = format!("the longest story is {MAX_SECONDS}s");
        return finder.help("limit", request.span.clone(), message, help);
    }
    let room = MAX_REQUESTS.unsigned_abs() - planned.len() as u64;
    if times > room {
        let message = format!("a scenario sends at most {MAX_REQUESTS} requests");
        let help = "lower `times`";
        return finder.help("limit", request.at("times"), message, help);
    }
    planned.extend((0..times).map(|nth| Planned {
        at: at + Nanos(every.0 * nth),
        function,
        ..sent
    }));
}

/// Reads `[[start]]`. The first one of a program that is no server is its main, unless another says so.
pub(crate) fn starts(rows: &[Record], program: &Program, finder: &mut Finder<'_>) -> Vec<Start> {
    let mut starts = Vec::new();
    let is_server = program
        .functions
        .iter()
        .any(|function| function.route.is_some());
    let main = main(rows, is_server, finder);
    for row in rows {
        let Some(text) = row.call("run") else {
            continue;
        };
        let call = program.outer_call(text, finder);
        let on = program.names.of(row, "on", finder);
        let Some(call) = call else {
            continue;
        };
        if !program.is_async(call.function) {
            let message = format!("`{}` is plain: it cannot be a task on the loop", text.name);
            finder.help(
                "plain",
                text.span.clone(),
                message,
                "make the function async",
            );
        }
        starts.push(Start {
            call,
            at: row.length("at").unwrap_or_default(),
            on,
            is_main: main.is_some_and(|main| std::ptr::eq(main, row)),
        });
    }
    starts.sort_by_key(|start| start.at);
    starts
}

/// Which program's end is the end of all; none where requests keep the server open.
fn main<'a>(rows: &'a [Record], is_server: bool, finder: &mut Finder<'_>) -> Option<&'a Record> {
    let mut told = rows.iter().filter(|row| row.flag("main") == Some(true));
    let first = told.next();
    if let (true, Some(row)) = (is_server, first) {
        let message = "a server has no main: it ends when all requests are answered".to_owned();
        finder.help("main", row.at("main"), message, "leave `main` out");
    }
    for row in told {
        let message = "another start is main already".to_owned();
        finder.help("main", row.at("main"), message, "leave `main` out here");
    }
    first.or(rows.first()).filter(|_| !is_server)
}
