//! How events change the pools and the heartbeats: which job gets the next free thread.

use std::collections::VecDeque;

use crate::world::pools::{Beats, Pool};
use crate::world::state::{Happening, job_after};
use crate::world::world::World;
use loopscope_trace::{EventKind, JobId, TaskId};

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
            self.move_job(id, Happening::ThreadIsFree);
            parts = self.parts_of(pool);
        }
        while parts.given() > threads
            && let Some(id) = parts.starting.pop_back()
        {
            parts.queue.push_front(id);
            self.move_job(id, Happening::ThreadIsTaken);
            parts = self.parts_of(pool);
        }
        parts.pool.count(parts.queue.len());
    }

    pub(crate) fn move_job(&mut self, id: JobId, happening: Happening) {
        if let Some(job) = self.jobs.get_mut(id.index())
            && let Some(to) = job_after(job.state, happening)
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
}
