//! Requests: what is asked, which task serves it, what was answered.

use std::net::{IpAddr, SocketAddr};

use loopscope_trace::{ClientId, EventKind, RequestId, TaskRole};

use crate::translate::rows::{Place, short};
use crate::translate::state::{Request, next};
use crate::translate::translator::{At, Translator};

impl Translator {
    /// A request has reached the program: `GET /path|host`, and the port of the client, 0 where it has none.
    pub(super) fn request(&mut self, at: At, request: u64, task: u64, (text, port): (&str, u64)) {
        let (route, host) = text.rsplit_once('|').unwrap_or((text, ""));
        let port = u16::try_from(port).ok().filter(|port| *port != 0);
        let address = host
            .parse::<IpAddr>()
            .ok()
            .map(|address| address.to_canonical());
        let client = address.zip(port).map(SocketAddr::from);
        let id = self.sent(at, client, route);
        let task = self.whose(at, task);
        self.processes[at.process]
            .requests
            .insert(request, Request { id, task, client });
        let name = port.map_or_else(|| route.to_owned(), |port| format!("{route} {port}"));
        let Some(task) = self.processes[at.process].tasks.get_mut(&task) else {
            return;
        };
        task.role = TaskRole::Handler;
        task.name.clone_from(&name);
        let (task, function) = (task.id, task.function);
        let kind = EventKind::TaskNamed {
            task,
            role: TaskRole::Handler,
            function: short(function),
            name: self.out.text(&name),
        };
        self.out.event(at.moment, kind);
        self.out
            .event(at.moment, EventKind::RequestAccepted { request: id, task });
    }

    /// The request of a client: the one that its connection waits with, or a new one.
    fn sent(&mut self, at: At, client: Option<SocketAddr>, route: &str) -> RequestId {
        let route = self.out.text(route);
        if let Some(connection) = client.and_then(|client| self.connections.remove(&client)) {
            let request = connection.request;
            self.out
                .event(at.moment, EventKind::RequestNamed { request, route });
            return request;
        }
        let request = RequestId(next(&mut self.numbers.requests));
        let kind = EventKind::RequestSent {
            request,
            client: ClientId::NONE,
            route,
            live: false,
        };
        self.out.event(at.moment, kind);
        request
    }

    /// The framework knows the function that serves a request.
    pub(super) fn endpoint(&mut self, at: At, request: u64, text: &str) {
        let place = Place::parse(text);
        let process = &self.processes[at.process];
        let Some(task) = process.requests.get(&request).map(|request| request.task) else {
            return;
        };
        let roots = process.roots.clone();
        let route = Some(place.more.as_str());
        let function = self.rows.function(&place, route, &roots, &mut self.out);
        let Some(task) = self.processes[at.process].tasks.get_mut(&task) else {
            return;
        };
        task.function = function.or(task.function);
        let name = self.out.text(&task.name);
        let kind = EventKind::TaskNamed {
            task: task.id,
            role: task.role,
            function: short(task.function),
            name,
        };
        self.out.event(at.moment, kind);
    }

    /// The route that serves a request is known: `GET /items/{id}`.
    pub(super) fn routed(&mut self, at: At, request: u64, route: &str) {
        if let Some(request) = self.processes[at.process].requests.get(&request) {
            let request = request.id;
            let route = self.out.text(route);
            self.out
                .event(at.moment, EventKind::RequestNamed { request, route });
        }
    }

    pub(super) fn answered(&mut self, at: At, request: u64, status: u64) {
        if let Some(request) = self.processes[at.process].requests.remove(&request) {
            let kind = EventKind::RequestAnswered {
                request: request.id,
                text: self.out.text(&status.to_string()),
                status: u16::try_from(status).unwrap_or(0),
            };
            self.out.event(at.moment, kind);
        }
    }

    /// The client went away before the answer.
    pub(super) fn gone(&mut self, at: At, request: u64) {
        if let Some(request) = self.processes[at.process].requests.remove(&request) {
            let request = request.id;
            self.out
                .event(at.moment, EventKind::RequestGivenUp { request });
        }
    }

    /// A part of a streamed answer went out.
    pub(super) fn chunk(&mut self, at: At, request: u64, length: u64) {
        if let Some(request) = self.processes[at.process].requests.get(&request) {
            let kind = EventKind::ResponseChunk {
                request: request.id,
                text: self.out.text(&format!("{length} bytes")),
            };
            self.out.event(at.moment, kind);
        }
    }
}
