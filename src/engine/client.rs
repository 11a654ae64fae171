//! All clients, on one thread, from absolute moments; and the programs that start later.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use tokio::sync::mpsc::UnboundedSender;

use super::host::Turn;
use super::runtime::Opening;
use super::server::Incoming;
use super::stage::{Open, Stage};
use super::tasks;
use crate::scenario::Start;
use crate::trace::{ClientId, EventKind, FunctionId, Nanos, RequestId};

/// What the clients' thread is told.
#[derive(Debug)]
pub(super) enum Command {
    /// The run has started.
    Begin,
    /// Start the run.
    Open(Opening),
    /// One more request, now.
    Live(ClientId, FunctionId, Open),
    /// A connection ended without an answer: the request is lost.
    Lost(RequestId, Open),
    /// The run is over.
    End,
}

/// One entry of the agenda.
enum Entry {
    Request(ClientId, FunctionId, Open),
    Start(Start, Open),
}

/// What the clients and later starts will do, by time, ties in file order.
pub(super) struct Agenda {
    entries: VecDeque<(Nanos, Entry)>,
}

impl Agenda {
    pub(super) fn new(stage: &Stage) -> Self {
        let scenario = &stage.scenario;
        let requests = scenario.story.planned.iter().map(|planned| {
            let entry = Entry::Request(planned.client, planned.function, stage.open.begin());
            (planned.at, entry)
        });
        // Starts at zero are on the loop before the first request; these come later.
        let later = scenario
            .starts
            .iter()
            .filter(|start| start.at > Nanos::ZERO);
        let starts = later.map(|start| (start.at, Entry::Start(start.clone(), stage.open.begin())));
        let mut entries: Vec<_> = requests.chain(starts).collect();
        entries.sort_by_key(|(at, _)| *at);
        Self {
            entries: entries.into(),
        }
    }
}

/// The body of the clients' thread.
pub(super) fn play(
    stage: &Arc<Stage>,
    mut agenda: Agenda,
    commands: &Receiver<Command>,
    backlog: &UnboundedSender<Incoming>,
) {
    // Takes its slot now, so that the first request does not pay for it.
    let _ = stage.recorder.thread();
    match commands.recv() {
        Ok(Command::Begin) => {}
        Ok(Command::Open(opening)) => opening.begin(stage),
        _ => return,
    }
    let mut live = 0;
    loop {
        let next = agenda.entries.front().map(|(at, _)| *at);
        match stage.host.agenda(next, commands) {
            Turn::Due => match agenda.entries.pop_front() {
                Some((_, Entry::Request(client, function, open))) => {
                    send(stage, backlog, client, function, open, None);
                }
                Some((_, Entry::Start(start, open))) => {
                    tasks::start(stage, &start, open);
                }
                None => {}
            },
            Turn::Command(Command::Live(client, function, open)) => {
                live += 1;
                send(stage, backlog, client, function, open, Some(live));
            }
            Turn::Command(Command::Lost(request, open)) => {
                stage.recorder.record(EventKind::RequestGivenUp { request });
                drop(open);
            }
            Turn::Command(Command::Begin | Command::Open(_)) => {}
            Turn::Command(Command::End) | Turn::Closed => return,
        }
    }
}

fn send(
    stage: &Stage,
    backlog: &UnboundedSender<Incoming>,
    client: ClientId,
    function: FunctionId,
    open: Open,
    live: Option<u32>,
) {
    let request = stage.recorder.new_request();
    let called = stage.function(function);
    let route = called
        .and_then(|function| function.route.as_deref())
        .unwrap_or("/");
    let story = &stage.scenario.story;
    let planned = story.clients.get(client.index());
    let who = match live {
        Some(nth) => format!("you {nth}"),
        None => planned.map_or_else(|| "client".to_owned(), |client| client.name.clone()),
    };
    let incoming = Incoming {
        request,
        function,
        name: format!("{who} {route}"),
        open,
        connection: None,
    };
    let route = stage.recorder.intern(route);
    stage.recorder.record(EventKind::RequestSent {
        request,
        client,
        route,
        live: live.is_some(),
    });
    // Fails only when the loop has gone, and then the run is over.
    let _ = backlog.send(incoming);
}
