//! First mentions: ids are dense, so a list grows by at most one entry, whatever a recording says.

use crate::world::entries::{Job, Request, Task, Thread};
use crate::world::vector::Vector;
use crate::world::world::World;
use loopscope_trace::{JobId, RequestId, TaskId, ThreadId};

impl World {
    /// Counts a problem where something that must be true is not.
    pub(crate) fn check(&mut self, is_true: bool) {
        if !is_true {
            self.problems = self.problems.saturating_add(1);
        }
    }

    /// The thread of a first or later mention; `None` for an id that leaves a gap.
    pub(crate) fn meet_thread(&mut self, id: ThreadId) -> Option<&mut Thread> {
        if id.index() == self.threads.len() {
            self.threads.push(Thread::new(id));
        }
        self.check(id.index() < self.threads.len());
        self.threads.get_mut(id.index())
    }

    /// The task of a first or later mention. A first one that does not introduce it is a problem,
    /// unless events were lost; one that introduces a known task again is refused.
    pub(crate) fn meet_task(&mut self, id: TaskId, introduces: bool) -> Option<&mut Task> {
        let (now, lossy) = (self.now, self.dropped > 0);
        let (allowed, usable) = meet(&mut self.tasks, id.index(), [introduces, lossy], || {
            Task::new(id, now)
        });
        self.check(allowed);
        self.tasks.get_mut(id.index()).filter(|_| usable)
    }

    /// The job of a mention, by the same rules.
    pub(crate) fn meet_job(&mut self, id: JobId, introduces: bool) -> Option<&mut Job> {
        let (now, lossy) = (self.now, self.dropped > 0);
        let (allowed, usable) = meet(&mut self.jobs, id.index(), [introduces, lossy], || {
            Job::new(id, now)
        });
        self.check(allowed);
        self.jobs.get_mut(id.index()).filter(|_| usable)
    }

    /// The request of a mention, by the same rules.
    pub(crate) fn meet_request(&mut self, id: RequestId, introduces: bool) -> Option<&mut Request> {
        let (now, lossy) = (self.now, self.dropped > 0);
        let (allowed, usable) = meet(&mut self.requests, id.index(), [introduces, lossy], || {
            Request::new(id, now)
        });
        self.check(allowed);
        self.requests.get_mut(id.index()).filter(|_| usable)
    }
}

/// Adds the entry of a first mention; whether the mention is allowed, and whether it may be used.
fn meet<T: Clone>(
    list: &mut Vector<T>,
    place: usize,
    [introduces, lossy]: [bool; 2],
    new: impl FnOnce() -> T,
) -> (bool, bool) {
    let is_new = place == list.len();
    if is_new {
        list.push(new());
    }
    let is_known = place < list.len();
    (
        is_known && (is_new == introduces || lossy),
        is_new || !introduces,
    )
}
