//! What the clients and later starts will do, by time, and what each client remembers: its
//! shared connection, the answers that it will print.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use loopscope_trace::{ClientId, FunctionId, Nanos, Prints, RequestId, Story, TextId};

use crate::engine::state::incoming::Promise;
use crate::engine::state::open::Open;
use crate::engine::state::run_state::RunState;
use crate::scenario::model::scenario::Start;

/// A request that is to be sent.
#[derive(Debug)]
pub(crate) struct ClientRequest {
    pub(crate) client: ClientId,
    pub(crate) function: FunctionId,
    /// On its client's one connection.
    pub(crate) shared: bool,
    /// Its place among the requests of its client; none for one that is sent live.
    pub(crate) nth: Option<usize>,
    pub(crate) open: Open,
}

/// One entry of the schedule.
pub(crate) enum Entry {
    Request(ClientRequest),
    /// A program, and what says that it is still to begin.
    Start(Start, Open),
    /// A client waits no longer.
    Timeout(Arc<Promise>),
}

/// Entries by moment; those of one moment in the order in which they were added.
pub(crate) struct Schedule {
    entries: BTreeMap<(Nanos, u64), Entry>,
    added: u64,
}

impl Schedule {
    pub(crate) fn new(state: &RunState) -> Self {
        let scenario = &state.scenario;
        let mut schedule = Self {
            entries: BTreeMap::new(),
            added: 0,
        };
        let mut counts = vec![0; scenario.story.clients.len()];
        for planned in &scenario.story.planned {
            let nth = counts.get_mut(planned.client.index()).map(|count| {
                *count += 1;
                *count - 1
            });
            let asked = ClientRequest {
                client: planned.client,
                function: planned.function,
                shared: planned.shared,
                nth: nth.or(Some(0)),
                open: state.open.begin(),
            };
            schedule.add(planned.at, Entry::Request(asked));
        }
        // Starts at zero are on the loop before the first request; these come later.
        for start in &scenario.starts {
            // Each copy of a server plays its own.
            if start.at > Nanos::ZERO && scenario.story.runtime.processes <= 1 {
                let entry = Entry::Start(start.clone(), state.pending.begin());
                schedule.add(start.at, entry);
            }
        }
        schedule
    }

    /// The moment of the first entry.
    pub(crate) fn next(&self) -> Option<Nanos> {
        self.entries.keys().next().map(|(at, _)| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<Entry> {
        self.entries.pop_first().map(|(_, entry)| entry)
    }

    pub(crate) fn add(&mut self, at: Nanos, entry: Entry) {
        self.entries.insert((at, self.added), entry);
        self.added += 1;
    }
}

/// The clients' side of their connections, one entry a client.
pub(crate) struct Connections {
    clients: Vec<Client>,
}

#[derive(Default)]
struct Client {
    /// Its shared connection is in use.
    busy: bool,
    /// Its shared connection is there.
    connected: bool,
    /// What waits for the shared connection.
    waiting: VecDeque<ClientRequest>,
    prints: Option<Prints>,
    /// Requests that are neither answered nor given up.
    unsettled: usize,
    /// Answers that wait to be printed in order.
    answers: Vec<(usize, RequestId, TextId)>,
}

impl Connections {
    pub(crate) fn new(story: &Story) -> Self {
        let mut clients: Vec<_> = story
            .clients
            .iter()
            .map(|client| Client {
                prints: client.prints,
                ..Client::default()
            })
            .collect();
        for planned in &story.planned {
            if let Some(client) = clients.get_mut(planned.client.index()) {
                client.unsettled += 1;
            }
        }
        Self { clients }
    }

    /// Hands the request back if it can be sent now.
    pub(crate) fn ask(&mut self, asked: ClientRequest) -> Option<ClientRequest> {
        if let Some(client) = self.clients.get_mut(asked.client.index())
            && asked.shared
        {
            if client.busy {
                client.waiting.push_back(asked);
                return None;
            }
            client.busy = true;
        }
        Some(asked)
    }

    /// A request goes out on the shared connection: whether that was there before.
    pub(crate) fn keep(&mut self, client: ClientId) -> bool {
        let client = self.clients.get_mut(client.index());
        client.is_some_and(|client| std::mem::replace(&mut client.connected, true))
    }

    /// The shared connection is free again: who has it next.
    pub(crate) fn free(&mut self, client: ClientId) -> Option<ClientRequest> {
        let client = self.clients.get_mut(client.index())?;
        let next = client.waiting.pop_front();
        client.busy = next.is_some();
        next
    }

    /// An answer has come: what is printed now.
    pub(crate) fn answered(&mut self, promise: &Promise, text: TextId) -> Vec<(RequestId, TextId)> {
        let Some(client) = self.clients.get_mut(promise.client.index()) else {
            return Vec::new();
        };
        match (client.prints, promise.nth) {
            (None, _) => Vec::new(),
            (Some(Prints::InOrder), Some(nth)) => {
                client.answers.push((nth, promise.request, text));
                client.settle()
            }
            (Some(_), _) => vec![(promise.request, text)],
        }
    }

    /// A request was given up: what is printed now. Its connection is closed.
    pub(crate) fn given_up(&mut self, promise: &Promise) -> Vec<(RequestId, TextId)> {
        if let (true, Some(client)) = (promise.shared, self.clients.get_mut(promise.client.index()))
        {
            client.connected = false;
        }
        match self.clients.get_mut(promise.client.index()) {
            Some(client) if client.prints == Some(Prints::InOrder) && promise.nth.is_some() => {
                client.settle()
            }
            _ => Vec::new(),
        }
    }
}

impl Client {
    fn settle(&mut self) -> Vec<(RequestId, TextId)> {
        self.unsettled = self.unsettled.saturating_sub(1);
        if self.unsettled > 0 {
            return Vec::new();
        }
        self.answers.sort_by_key(|(nth, _, _)| *nth);
        let answers = std::mem::take(&mut self.answers);
        let printed = answers.into_iter();
        printed.map(|(_, request, text)| (request, text)).collect()
    }
}
