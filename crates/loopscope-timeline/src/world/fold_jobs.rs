//! How events change jobs, and what a loss of events makes unknown.

use crate::world::state::{Happening, State, job_after};
use crate::world::world::World;
use loopscope_trace::{Actor, JobId, Outcome, TaskId, TextId, ThreadId, ThreadRole};

impl World {
    pub(crate) fn job_queued(&mut self, id: JobId, parent: TaskId, name: TextId, pool: u16) {
        let now = self.now;
        let Some(job) = self.meet_job(id, true) else {
            return;
        };
        job.parent = parent.get();
        job.pool = pool;
        job.name = name;
        job.state = State::Queued;
        job.queued = now;
        job.since = now;
        self.parts_of(pool).queue.push_back(id);
        self.share_pool(pool);
        if let Some(parent) = self.tasks.get_mut(parent.index()) {
            parent.job = Some(id);
        }
    }

    pub(crate) fn job_started(&mut self, id: JobId, thread: ThreadId) {
        let now = self.now;
        let Some(job) = self.meet_job(id, false) else {
            return;
        };
        let Some(to) = job_after(job.state, Happening::JobBegins) else {
            return self.check(false);
        };
        job.state = to;
        job.since = now;
        job.started = Some(now);
        job.thread = Some(thread);
        let pool = job.pool;
        self.leave_queue(id, pool);
        self.parts_of(pool).pool.busy += 1;
        self.share_pool(pool);
        self.begin(thread, Actor::Job(id));
    }

    pub(crate) fn job_ended(&mut self, id: JobId, outcome: Outcome) {
        let now = self.now;
        let Some(job) = self.meet_job(id, false) else {
            return;
        };
        let Some(to) = job_after(job.state, Happening::Ends(outcome)) else {
            return self.check(false);
        };
        let was_on_pool = job.state == State::OnPool;
        job.state = to;
        job.since = now;
        job.ended = Some(now);
        job.outcome = Some(outcome);
        job.blocking = None;
        let (thread, pool) = (job.thread, job.pool);
        self.leave_queue(id, pool);
        if was_on_pool {
            let pool = self.parts_of(pool).pool;
            pool.busy = pool.busy.saturating_sub(1);
        }
        self.share_pool(pool);
        self.leave_shared(Actor::Job(id));
        if let Some(thread) = thread.and_then(|thread| self.threads.get_mut(thread.index()))
            && thread
                .doing
                .is_some_and(|doing| doing.actor == Actor::Job(id))
        {
            thread.stop(now);
        }
    }

    /// A recorder lost events of a thread: whatever that thread may have touched is unknown.
    pub(crate) fn lost(&mut self, thread: ThreadId, count: u16) {
        let now = self.now;
        self.dropped += u64::from(count);
        let Some(thread) = self.meet_thread(thread) else {
            return;
        };
        let role = thread.role;
        let doing = thread.doing;
        thread.stop(now);
        if let Some(Actor::Job(job)) = doing.map(|doing| doing.actor)
            && let Some(job) = self.jobs.get_mut(job.index())
            && job.state == State::OnPool
        {
            job.state = State::Unknown;
            job.since = now;
            let pool = job.pool;
            let parts = self.parts_of(pool);
            parts.pool.busy = parts.pool.busy.saturating_sub(1);
            self.share_pool(pool);
        }
        self.forgotten.clear();
        if role == ThreadRole::Loop {
            for id in std::mem::take(&mut self.known) {
                let task = &mut self.tasks[id.index()];
                if task.state.is_final() || task.state == State::Unknown {
                    continue;
                }
                task.state = State::Unknown;
                task.since = now;
                task.blocking = None;
                self.forgotten.push(id);
            }
            self.ready.clear();
            self.overdue.clear();
            self.timers.clear();
        }
    }
}
