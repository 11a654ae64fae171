//! What each client remembers: its one shared connection, and the answers that it will print.

use std::collections::VecDeque;

use crate::engine::clients::agenda::ClientRequest;
use crate::engine::requests::command::Promise;
use loopscope_trace::{ClientId, Prints, RequestId, Story, TextId};

/// The clients' side of their connections, one entry a client.
pub(crate) struct Connections {
    clients: Vec<Client>,
}

#[derive(Default)]
struct Client {
    /// Its shared connection is in use.
    busy: bool,
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

    /// A request was given up: what is printed now.
    pub(crate) fn given_up(&mut self, promise: &Promise) -> Vec<(RequestId, TextId)> {
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
