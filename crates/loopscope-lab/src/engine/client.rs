//! All clients, on one thread, from absolute moments; and the programs that start later.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use tokio::sync::mpsc::UnboundedSender;

use super::agenda::{Agenda, Asked, Entry};
use super::connections::Connections;
use super::host::Turn;
use super::promise::Promise;
use super::runtime::Opening;
use super::server::Incoming;
use super::stage::{Open, Stage};
use super::tasks;
use loopscope_trace::{ClientId, EventKind, FunctionId, Nanos, TextId};

/// What the clients' thread is told.
#[derive(Debug)]
pub(super) enum Command {
    /// The run has started.
    Begin,
    /// Start the run.
    Open(Opening),
    /// One more request, now.
    Live(ClientId, FunctionId, Open),
    /// An answer has come.
    Answered(Arc<Promise>, TextId, Open),
    /// A connection ended without an answer: the request is lost.
    Lost(Arc<Promise>, Open),
    /// The run is over.
    End,
}

/// The ways between the clients and everybody else.
pub(super) struct Ways {
    /// What the clients are told.
    pub(super) commands: Receiver<Command>,
    /// By which others tell them.
    pub(super) tell: Sender<Command>,
    /// The server's door.
    pub(super) backlog: UnboundedSender<Incoming>,
}

/// The body of the clients' thread.
pub(super) fn play(stage: &Arc<Stage>, agenda: Agenda, ways: &Ways) {
    stage.host.arrive();
    // Takes its slot now, so that the first request does not pay for it.
    let _ = stage.recorder.thread();
    match ways.commands.recv() {
        Ok(Command::Begin) => {}
        Ok(Command::Open(opening)) => opening.begin(stage),
        _ => return,
    }
    let mut clients = Clients {
        stage,
        ways,
        agenda,
        connections: Connections::new(&stage.scenario.story),
        live: 0,
    };
    while clients.turn() {}
}

struct Clients<'a> {
    stage: &'a Arc<Stage>,
    ways: &'a Ways,
    agenda: Agenda,
    connections: Connections,
    live: u32,
}

impl Clients<'_> {
    /// Does the next thing; false at the end of the run.
    fn turn(&mut self) -> bool {
        match self
            .stage
            .host
            .agenda(self.agenda.next(), &self.ways.commands)
        {
            Turn::Due => self.due(),
            Turn::Command(Command::Live(client, function, open)) => {
                self.live += 1;
                self.send(Asked {
                    client,
                    function,
                    shared: false,
                    nth: None,
                    open,
                });
            }
            Turn::Command(Command::Answered(promise, text, open)) => {
                let printed = self.connections.answered(&promise, text);
                self.settled(&promise, printed);
                drop(open);
            }
            Turn::Command(Command::Lost(promise, open)) => {
                self.give_up(&promise);
                drop(open);
            }
            Turn::Command(Command::Begin | Command::Open(_)) => {}
            Turn::Command(Command::End) | Turn::Closed => return false,
        }
        true
    }

    fn due(&mut self) {
        match self.agenda.pop() {
            Some(Entry::Request(asked)) => {
                // On a connection that is in use, its turn comes with the answer before it.
                if let Some(asked) = self.connections.ask(asked) {
                    self.send(asked);
                }
            }
            Some(Entry::Start(start, open)) => tasks::start(self.stage, &start, open),
            Some(Entry::GiveUp(promise)) => self.give_up(&promise),
            None => {}
        }
    }

    fn give_up(&mut self, promise: &Promise) {
        if promise.settle() {
            let request = promise.request;
            self.stage
                .recorder
                .record(EventKind::RequestGivenUp { request });
            let printed = self.connections.given_up(promise);
            self.settled(promise, printed);
        }
    }

    /// Prints what can be printed now, and lets the next request have the connection.
    fn settled(&mut self, promise: &Promise, printed: Vec<(loopscope_trace::RequestId, TextId)>) {
        for (request, text) in printed {
            self.stage
                .recorder
                .record(EventKind::ClientPrinted { request, text });
        }
        if promise.shared
            && let Some(next) = self.connections.free(promise.client)
        {
            self.send(next);
        }
    }

    fn send(&mut self, asked: Asked) {
        let (stage, story) = (self.stage, &self.stage.scenario.story);
        let request = stage.recorder.new_request();
        let called = stage.function(asked.function);
        let route = called
            .and_then(|function| function.route.as_deref())
            .unwrap_or("/");
        let client = story.clients.get(asked.client.index());
        let live = asked.nth.is_none();
        let who = match client {
            _ if live => format!("you {}", self.live),
            Some(client) => client.name.clone(),
            None => "client".to_owned(),
        };
        let listens = asked.shared || client.is_some_and(|client| client.prints.is_some());
        let promise = Arc::new(Promise::new(
            request,
            asked.client,
            (asked.nth, asked.shared),
            listens.then(|| (self.ways.tell.clone(), stage.open.clone())),
        ));
        stage.recorder.record(EventKind::RequestSent {
            request,
            client: asked.client,
            route: stage.recorder.intern(route),
            live,
        });
        let patience = client.and_then(|client| earlier(client.timeout, client.leaves));
        if let Some(patience) = patience.filter(|_| !live) {
            let at = stage.host.now() + patience;
            self.agenda.add(at, Entry::GiveUp(Arc::clone(&promise)));
        }
        if stage.stopping.is_on() {
            // Nobody listens at the door any more.
            self.give_up(&promise);
            return;
        }
        // Fails only when the loop has gone, and then the run is over.
        let _ = self.ways.backlog.send(Incoming {
            request,
            function: asked.function,
            name: format!("{who} {route}"),
            open: asked.open,
            connection: None,
            promise: Some(promise),
        });
    }
}

fn earlier(a: Option<Nanos>, b: Option<Nanos>) -> Option<Nanos> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
