//! Connections that wait for the program before it knows of them.

use std::collections::HashSet;
use std::net::SocketAddr;

use loopscope_trace::{ClientId, EventKind, RequestId};

use crate::outside::connections::Waiting;
use crate::translate::state::{Connection, next};
use crate::translate::translator::{At, Translator};

/// How long a request is waited for of a connection that was accepted: other servers than those of HTTP have none.
const PATIENCE: u64 = 1_000_000_000;

impl Translator {
    /// All connections that wait for a process now.
    pub(super) fn waiting(&mut self, at: At, waiting: &[Waiting]) {
        let now: HashSet<SocketAddr> = waiting.iter().map(|waiting| waiting.client).collect();
        for (client, connection) in &mut self.connections {
            if connection.process == at.process && !now.contains(client) {
                connection.left.get_or_insert(at.moment);
            }
        }
        let processes = self
            .processes
            .iter()
            .flat_map(|process| process.requests.values());
        let served: HashSet<SocketAddr> = processes.filter_map(|request| request.client).collect();
        for waiting in waiting {
            // One that closed its end before it was accepted waits for no answer.
            let given_up = waiting.is_closed && !waiting.is_accepted;
            if let Some(connection) = self.connections.get_mut(&waiting.client)
                && given_up
                && !std::mem::replace(&mut connection.given_up, true)
            {
                let request = connection.request;
                self.out
                    .event(at.moment, EventKind::RequestGivenUp { request });
            }
            // What a client sends while its request is served belongs to that.
            if self.connections.contains_key(&waiting.client) || served.contains(&waiting.client) {
                continue;
            }
            let request = RequestId(next(&mut self.numbers.requests));
            // Until it is known what it asks for, its port is all that tells it from others.
            let route = format!(":{}", waiting.client.port());
            let kind = EventKind::RequestSent {
                request,
                client: ClientId::NONE,
                route: self.out.text(&route),
                live: false,
            };
            self.out.event(at.moment, kind);
            let connection = Connection {
                request,
                process: at.process,
                left: None,
                given_up: false,
            };
            self.connections.insert(waiting.client, connection);
        }
    }

    /// Connections that were accepted a while ago and brought no request: nothing more will be known of them.
    pub(crate) fn settle(&mut self, now: u64) {
        if self.connections.is_empty() {
            return;
        }
        let over = |connection: &Connection| {
            connection
                .left
                .is_some_and(|left| now.saturating_sub(left) > PATIENCE)
        };
        let mut ended: Vec<_> = self
            .connections
            .iter()
            .filter(|(_, connection)| over(connection))
            .map(|(client, connection)| (*client, *connection))
            .collect();
        ended.sort_by_key(|(_, connection)| connection.request);
        for (client, connection) in ended {
            self.connections.remove(&client);
            if connection.given_up {
                continue;
            }
            let text = self.out.text("accepted");
            let kind = EventKind::RequestAnswered {
                request: connection.request,
                text,
                status: 0,
            };
            self.out.event(connection.left.unwrap_or(now), kind);
        }
    }
}
