//! First mentions: ids are dense, so a list grows by one entry at most, whatever a recording says.

use crate::world::state::State;
use crate::world::world::{Doing, Job, Request, Task, Thread, World};
use loopscope_trace::{
    Actor, ClientId, JobId, Nanos, RequestId, TaskId, TaskRole, TextId, ThreadId, ThreadRole,
};

impl World {
    /// The thread of a first or later mention.
    pub(crate) fn meet_thread(&mut self, id: ThreadId) -> Option<&mut Thread> {
        if id.index() == self.threads.len() && id != ThreadId::NONE {
            self.threads.push(Thread {
                id,
                role: ThreadRole::Loop,
                name: TextId::NONE,
                process: None,
                doing: None,
                parked: false,
                ended: false,
                busy: Nanos::ZERO,
            });
        }
        self.hold(id.index() < self.threads.len());
        self.threads.get_mut(id.index())
    }

    /// The task of a first or later mention; a first one that does not introduce it is a problem,
    /// unless events were lost.
    pub(crate) fn meet_task(&mut self, id: TaskId, introduces: bool) -> Option<&mut Task> {
        let is_new = id.index() == self.tasks.len() && id != TaskId::NONE;
        if is_new {
            self.tasks.push(Task::met(id, self.now));
        }
        let known = id.index() < self.tasks.len();
        self.hold(known && (is_new == introduces || self.dropped > 0));
        if introduces && !is_new {
            return None;
        }
        self.tasks.get_mut(id.index())
    }

    pub(crate) fn meet_job(&mut self, id: JobId, introduces: bool) -> Option<&mut Job> {
        let is_new = id.index() == self.jobs.len() && id != JobId::NONE;
        if is_new {
            self.jobs.push(Job::met(id, self.now));
        }
        let known = id.index() < self.jobs.len();
        self.hold(known && (is_new == introduces || self.dropped > 0));
        if introduces && !is_new {
            return None;
        }
        self.jobs.get_mut(id.index())
    }

    pub(crate) fn meet_request(&mut self, id: RequestId, introduces: bool) -> Option<&mut Request> {
        let is_new = id.index() == self.requests.len() && id != RequestId::NONE;
        if is_new {
            self.requests.push(Request::met(id, self.now));
        }
        let known = id.index() < self.requests.len();
        self.hold(known && (is_new == introduces || self.dropped > 0));
        if introduces && !is_new {
            return None;
        }
        self.requests.get_mut(id.index())
    }
}

impl Doing {
    pub(crate) fn new(actor: Actor, since: Nanos) -> Self {
        Self {
            actor,
            since,
            blocking: None,
        }
    }
}

impl Thread {
    /// The turn on this thread is over.
    pub(crate) fn stop(&mut self, now: Nanos) {
        if let Some(doing) = self.doing.take() {
            self.busy += now.since(doing.since);
        }
    }
}

impl Task {
    pub(crate) fn met(id: TaskId, now: Nanos) -> Self {
        Self {
            id,
            role: TaskRole::Spawned,
            name: TextId::NONE,
            parent: None,
            function: None,
            tokio: None,
            request: None,
            job: None,
            state: State::Unknown,
            since: now,
            step: None,
            waits_on: None,
            deadline: None,
            woken_by: None,
            woken: None,
            thread: None,
            home: None,
            spawned: now,
            started: None,
            ended: None,
            outcome: None,
            polls: 0,
            blocking: None,
            again: false,
            stopped: now,
        }
    }
}

impl Job {
    pub(crate) fn met(id: JobId, now: Nanos) -> Self {
        Self {
            id,
            parent: None,
            pool: 0,
            name: TextId::NONE,
            state: State::Unknown,
            since: now,
            step: None,
            thread: None,
            queued: now,
            started: None,
            ended: None,
            outcome: None,
            blocking: None,
        }
    }
}

impl Request {
    pub(crate) fn met(id: RequestId, now: Nanos) -> Self {
        Self {
            id,
            client: ClientId(0),
            route: TextId::NONE,
            live: false,
            sent: now,
            accepted: None,
            task: None,
            answered: None,
            response: None,
            chunks: 0,
            given_up: None,
        }
    }
}
