//! What the clients and later starts will do, by time.

use std::collections::BTreeMap;
use std::sync::Arc;

use loopscope_trace::{ClientId, FunctionId, Nanos};

use crate::engine::requests::command::{Open, Promise};
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

/// One entry of the agenda.
pub(crate) enum Entry {
    Request(ClientRequest),
    Start(Start, Open),
    /// A client waits no longer.
    Timeout(Arc<Promise>),
}

/// Entries by moment; those of one moment in the order in which they were added.
pub(crate) struct Agenda {
    entries: BTreeMap<(Nanos, u64), Entry>,
    added: u64,
}

impl Agenda {
    pub(crate) fn new(state: &RunState) -> Self {
        let scenario = &state.scenario;
        let mut agenda = Self {
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
            agenda.add(planned.at, Entry::Request(asked));
        }
        // Starts at zero are on the loop before the first request; these come later.
        for start in &scenario.starts {
            // Each copy of a server plays its own.
            if start.at > Nanos::ZERO && scenario.story.runtime.processes <= 1 {
                let entry = Entry::Start(start.clone(), state.open.begin());
                agenda.add(start.at, entry);
            }
        }
        agenda
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
