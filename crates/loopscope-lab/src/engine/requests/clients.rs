//! All clients on one thread; and the programs that start later.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};

use loopscope_trace::{EventKind, Nanos, TextId};
use tokio::sync::mpsc::UnboundedSender;

use crate::engine::requests::connections::{ClientRequest, Connections, Entry, Schedule};
use crate::engine::state::incoming::{Command, Incoming, Promise};
use crate::engine::state::run_state::RunState;
use crate::engine::steps::{interpret, launch};
use crate::scenario::export::clients::patience;

/// What a wait of the clients' schedule ended with.
pub(crate) enum WaitEnd {
    /// The moment has come.
    Due,
    /// A command came first.
    Command(Command),
    /// No command can come any more: the run is over.
    Closed,
}

/// The channels between the clients and the rest of the run.
pub(crate) struct Channels {
    /// The commands to the clients.
    pub(crate) commands: Receiver<Command>,
    /// Where others send them.
    pub(crate) sender: Sender<Command>,
    /// Where the server takes requests from.
    pub(crate) backlog: UnboundedSender<Incoming>,
}

/// The body of the clients' thread.
pub(crate) fn play(state: &Arc<RunState>, schedule: Schedule, channels: &Channels) {
    if let Some(clock) = &state.clock {
        clock.join(clock.clients());
    }
    // Takes its slot now, so that the first request does not pay for it.
    let _ = state.recorder.thread();
    match channels.commands.recv() {
        Ok(Command::Begin) => {}
        Ok(Command::Open(open)) => open(),
        _ => return,
    }
    let mut clients = Clients {
        state,
        channels,
        schedule,
        connections: Connections::new(&state.scenario.story),
        live: 0,
    };
    while clients.turn() {}
}

struct Clients<'a> {
    state: &'a Arc<RunState>,
    channels: &'a Channels,
    schedule: Schedule,
    connections: Connections,
    live: u32,
}

impl Clients<'_> {
    /// Does the next thing; false at the end of the run.
    fn turn(&mut self) -> bool {
        match self.wait() {
            WaitEnd::Due => self.due(),
            WaitEnd::Command(Command::Live(client, function, open)) => {
                self.live += 1;
                self.send(ClientRequest {
                    client,
                    function,
                    shared: false,
                    nth: None,
                    open,
                });
            }
            WaitEnd::Command(Command::Answered(promise, text, open)) => {
                let printed = self.connections.answered(&promise, text);
                self.settled(&promise, printed);
                drop(open);
            }
            WaitEnd::Command(Command::Lost(promise, open)) => {
                self.abandon(&promise);
                drop(open);
            }
            WaitEnd::Command(Command::Refused(promise, text, open)) => {
                self.refuse(&promise, text);
                drop(open);
            }
            WaitEnd::Command(Command::Begin | Command::Open(_)) => {}
            WaitEnd::Command(Command::End) | WaitEnd::Closed => return false,
        }
        true
    }

    /// Waits for the next moment of the schedule, or a command.
    fn wait(&self) -> WaitEnd {
        let (next, commands) = (self.schedule.next(), &self.channels.commands);
        let Some(clock) = &self.state.clock else {
            return self.wait_really(next);
        };
        let mut received = None;
        let mut closed = false;
        let went_on = clock.watch(next, || {
            match commands.try_recv() {
                Ok(command) => received = Some(command),
                Err(TryRecvError::Empty) => return false,
                Err(TryRecvError::Disconnected) => closed = true,
            }
            true
        });
        match received {
            Some(command) => WaitEnd::Command(command),
            None if closed => WaitEnd::Closed,
            None if went_on || clock.ended().is_none() => WaitEnd::Due,
            // The story is over, and so the last command is all that is still to come.
            None => commands.recv().map_or(WaitEnd::Closed, WaitEnd::Command),
        }
    }

    fn wait_really(&self, next: Option<Nanos>) -> WaitEnd {
        let commands = &self.channels.commands;
        let Some(next) = next else {
            return commands.recv().map_or(WaitEnd::Closed, WaitEnd::Command);
        };
        let left = next.since(self.state.host.now());
        if left == Nanos::ZERO {
            return WaitEnd::Due;
        }
        match commands.recv_timeout(left.wall(self.state.speed)) {
            Ok(command) => WaitEnd::Command(command),
            Err(RecvTimeoutError::Timeout) => WaitEnd::Due,
            Err(RecvTimeoutError::Disconnected) => WaitEnd::Closed,
        }
    }

    fn due(&mut self) {
        match self.schedule.pop() {
            Some(Entry::Request(asked)) => {
                // On a connection that is in use, its turn comes with the answer before it.
                if let Some(asked) = self.connections.ask(asked) {
                    self.send(asked);
                }
            }
            Some(Entry::Start(start, pending)) => {
                launch::start(self.state, &start, self.state.open.begin(), interpret::play);
                drop(pending);
            }
            Some(Entry::Timeout(promise)) => self.abandon(&promise),
            None => {}
        }
    }

    fn abandon(&mut self, promise: &Promise) {
        let request = promise.request;
        self.end(promise, EventKind::RequestGivenUp { request });
    }

    fn refuse(&mut self, promise: &Promise, text: TextId) {
        let request = promise.request;
        self.end(promise, EventKind::RequestRefused { request, text });
    }

    /// It will have no answer; `why` is told.
    fn end(&mut self, promise: &Promise, why: EventKind) {
        if promise.settle() {
            self.state.recorder.record(why);
            let printed = self.connections.given_up(promise);
            self.settled(promise, printed);
        }
    }

    /// Prints what can be printed now, and lets the next request have the connection.
    fn settled(&mut self, promise: &Promise, printed: Vec<(loopscope_trace::RequestId, TextId)>) {
        for (request, text) in printed {
            self.state
                .recorder
                .record(EventKind::ClientPrinted { request, text });
        }
        if promise.shared
            && let Some(next) = self.connections.free(promise.client)
        {
            self.send(next);
        }
    }

    fn send(&mut self, asked: ClientRequest) {
        let (state, story) = (self.state, &self.state.scenario.story);
        let request = state.recorder.new_request();
        let called = state.function(asked.function);
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
            listens.then(|| (self.channels.sender.clone(), state.open.clone())),
        ));
        state.recorder.record(EventKind::RequestSent {
            request,
            client: asked.client,
            route: state.recorder.intern(route),
            live,
        });
        let limit = client.and_then(patience);
        if let Some(limit) = limit.filter(|_| !live) {
            let at = state.host.now() + limit;
            self.schedule.add(at, Entry::Timeout(Arc::clone(&promise)));
        }
        if state.stopping.is_on() {
            // The server takes no more requests.
            self.abandon(&promise);
            return;
        }
        // Fails only when the loop has gone, and then the run is over.
        let _ = self.channels.backlog.send(Incoming {
            request,
            function: asked.function,
            name: format!("{who} {route}"),
            kept: asked.shared && self.connections.keep(asked.client),
            open: asked.open,
            connection: None,
            promise: Some(promise),
        });
    }
}
