//! The reducer's part for the pool, and for lost events.

use super::task_state::{Happening, State, job_after};
use super::world::World;
use crate::trace::{Actor, JobId, Outcome, TaskId, TextId, ThreadId, ThreadRole};

impl World {
    pub(super) fn job_queued(&mut self, id: JobId, parent: TaskId, name: TextId) {
        let now = self.now;
        let Some(job) = self.meet_job(id, true) else {
            return;
        };
        job.parent = parent.get();
        job.name = name;
        job.state = State::Queued;
        job.queued = now;
        job.since = now;
        self.job_queue.push_back(id);
        self.share_pool();
        if let Some(parent) = self.tasks.get_mut(parent.index()) {
            parent.job = Some(id);
        }
    }

    pub(super) fn job_started(&mut self, id: JobId, thread: ThreadId) {
        let now = self.now;
        let Some(job) = self.meet_job(id, false) else {
            return;
        };
        let Some(to) = job_after(job.state, Happening::JobBegins) else {
            return self.hold(false);
        };
        job.state = to;
        job.since = now;
        job.started = Some(now);
        job.thread = Some(thread);
        self.leave_queue(id);
        self.pool.busy += 1;
        self.share_pool();
        self.begin(thread, Actor::Job(id));
    }

    pub(super) fn job_ended(&mut self, id: JobId, outcome: Outcome) {
        let now = self.now;
        let Some(job) = self.meet_job(id, false) else {
            return;
        };
        let Some(to) = job_after(job.state, Happening::Ends(outcome)) else {
            return self.hold(false);
        };
        let was_on_pool = job.state == State::OnPool;
        job.state = to;
        job.since = now;
        job.ended = Some(now);
        job.outcome = Some(outcome);
        job.blocking = None;
        let thread = job.thread;
        self.leave_queue(id);
        if was_on_pool {
            self.pool.busy = self.pool.busy.saturating_sub(1);
        }
        self.share_pool();
        if let Some(thread) = thread.and_then(|thread| self.threads.get_mut(thread.index()))
            && thread
                .doing
                .is_some_and(|doing| doing.actor == Actor::Job(id))
        {
            thread.stop(now);
        }
    }

    /// A recorder lost events of a thread: whatever that thread may have touched is unknown.
    pub(super) fn lost(&mut self, thread: ThreadId, count: u16) {
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
            self.pool.busy = self.pool.busy.saturating_sub(1);
            self.share_pool();
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

    /// Gives each thread that no job is on to the job that has waited longest; the others are
    /// queued. So as many are queued as there are more jobs than threads, however long the system
    /// takes to start a thread.
    fn share_pool(&mut self) {
        let threads = self.pool.threads as usize;
        let given = |world: &Self| world.pool.busy as usize + world.job_starting.len();
        while given(self) < threads
            && let Some(id) = self.job_queue.pop_front()
        {
            self.job_starting.push_back(id);
            self.move_job(id, Happening::ThreadIsFree);
        }
        while given(self) > threads
            && let Some(id) = self.job_starting.pop_back()
        {
            self.job_queue.push_front(id);
            self.move_job(id, Happening::ThreadIsTaken);
        }
        self.count_pool();
    }

    fn move_job(&mut self, id: JobId, happening: Happening) {
        if let Some(job) = self.jobs.get_mut(id.index())
            && let Some(to) = job_after(job.state, happening)
        {
            job.state = to;
            job.since = self.now;
            self.moved.push(id);
        }
    }

    fn count_pool(&mut self) {
        self.pool.queued = u32::try_from(self.job_queue.len()).unwrap_or(u32::MAX);
        self.pool.peak_queued = self.pool.peak_queued.max(self.pool.queued);
        self.pool.peak_busy = self.pool.peak_busy.max(self.pool.busy);
    }

    fn leave_queue(&mut self, id: JobId) {
        // Jobs are numbered in order of their queueing, so both queues are sorted.
        for queue in [&mut self.job_starting, &mut self.job_queue] {
            if let Ok(place) = queue.binary_search(&id) {
                queue.remove(place);
            }
        }
    }
}
