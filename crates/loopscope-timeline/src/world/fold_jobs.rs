//! How events change jobs, the pools and the heartbeats, and what a loss of events makes unknown.

use std::collections::VecDeque;

use crate::world::entries::Beats;
use crate::world::shared::{OtherPool, Pool};
use crate::world::state::{State, Trigger, job_after};
use crate::world::world::World;
use loopscope_trace::{Actor, EventKind, JobId, Outcome, TaskId, TextId, ThreadId, ThreadRole};

/// One pool's parts.
pub(crate) struct Parts<'a> {
    pub(crate) pool: &'a mut Pool,
    pub(crate) queue: &'a mut VecDeque<JobId>,
    pub(crate) starting: &'a mut VecDeque<JobId>,
}

impl Parts<'_> {
    /// How many threads a job is on, or will be.
    pub(crate) fn given(&self) -> usize {
        self.pool.busy as usize + self.starting.len()
    }
}

impl World {
    pub(crate) fn parts_of(&mut self, pool: u16) -> Parts<'_> {
        let place = usize::from(pool).checked_sub(1);
        let other = match pool {
            EventKind::PROCESS_POOL => Some(&mut self.children),
            _ => place.and_then(|place| self.pools.get_mut(place)),
        };
        match other {
            Some(other) => Parts {
                pool: &mut other.pool,
                queue: &mut other.queue,
                starting: &mut other.starting,
            },
            None => Parts {
                pool: &mut self.pool,
                queue: &mut self.job_queue,
                starting: &mut self.job_starting,
            },
        }
    }

    /// Gives each thread that no job is on to the job that has waited longest; the others are
    /// queued. So as many are queued as there are more jobs than threads, however long the system
    /// takes to start a thread.
    pub(crate) fn share_pool(&mut self, pool: u16) {
        let mut parts = self.parts_of(pool);
        let threads = parts.pool.threads as usize;
        while parts.given() < threads
            && let Some(id) = parts.queue.pop_front()
        {
            parts.starting.push_back(id);
            self.move_job(id, Trigger::ThreadIsFree);
            parts = self.parts_of(pool);
        }
        while parts.given() > threads
            && let Some(id) = parts.starting.pop_back()
        {
            parts.queue.push_front(id);
            self.move_job(id, Trigger::ThreadIsTaken);
            parts = self.parts_of(pool);
        }
        parts.pool.count(parts.queue.len());
    }

    /// A pool has so many threads from now on; none is known to be its limit where it is 0.
    pub(crate) fn pool_resized(&mut self, pool: u16, size: u32) {
        let threads = if size == 0 { u32::MAX } else { size };
        if let Some(place) = usize::from(pool).checked_sub(1)
            && pool != EventKind::PROCESS_POOL
            && place >= self.pools.len()
        {
            self.pools.resize_with(place + 1, OtherPool::default);
        }
        self.parts_of(pool).pool.threads = threads;
        self.share_pool(pool);
    }

    pub(crate) fn move_job(&mut self, id: JobId, trigger: Trigger) {
        if let Some(job) = self.jobs.get_mut(id.index())
            && let Some(to) = job_after(job.state, trigger)
        {
            job.state = to;
            job.since = self.now;
            self.moved.push(id);
        }
    }

    pub(crate) fn leave_queue(&mut self, id: JobId, pool: u16) {
        let parts = self.parts_of(pool);
        // Jobs are numbered in order of their queueing, so both queues are sorted.
        for queue in [parts.starting, parts.queue] {
            if let Ok(place) = queue.binary_search(&id) {
                queue.remove(place);
            }
        }
    }

    /// A heartbeat ticks.
    pub(crate) fn beat(&mut self, task: TaskId) {
        let now = self.now;
        if self.beats.task.is_none_or(|first| first == task) {
            return self.beats.tick(task, now);
        }
        let others = &mut self.more_beats;
        let place = others.iter().position(|beats| beats.task == Some(task));
        // Only tasks of a loop of its own have a heartbeat, so there are few of them.
        if place.is_none() && task.index() < self.tasks.len() {
            others.push(Beats::default());
        }
        let place = place.unwrap_or(self.more_beats.len().saturating_sub(1));
        if let Some(beats) = self.more_beats.get_mut(place) {
            beats.tick(task, now);
        }
    }

    pub(crate) fn job_queued(&mut self, id: JobId, parent: TaskId, name: TextId, pool: u16) {
        let now = self.now;
        let Some(job) = self.mentioned_job(id, true) else {
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
        let Some(job) = self.mentioned_job(id, false) else {
            return;
        };
        let Some(to) = job_after(job.state, Trigger::JobBegins) else {
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
        let Some(job) = self.mentioned_job(id, false) else {
            return;
        };
        let Some(to) = job_after(job.state, Trigger::Ends(outcome)) else {
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
        let Some(thread) = self.mentioned_thread(thread) else {
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
