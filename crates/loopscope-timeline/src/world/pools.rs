//! The pools and the heartbeat at one moment.

use std::collections::VecDeque;

use crate::world::world::World;
use loopscope_trace::{EventKind, JobId, Nanos, Story, TaskId};

/// The pool at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// How many threads it may have.
    pub threads: u32,
    /// Jobs on a thread.
    pub busy: u32,
    /// Jobs that are queued because all threads are taken.
    pub queued: u32,
    /// The most of either so far.
    pub peak_busy: u32,
    /// The most that were queued so far.
    pub peak_queued: u32,
}

/// The heartbeat at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beats {
    /// Whose ticks.
    pub task: Option<TaskId>,
    /// Ticks so far.
    pub seen: u32,
    /// The last tick.
    pub last: Option<Nanos>,
    /// The longest time between two ticks, or since the last one.
    pub longest_gap: Nanos,
}

/// A pool besides the default one at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherPool {
    /// Its threads and counts.
    pub pool: Pool,
    /// Jobs that are queued for it, in order.
    pub queue: VecDeque<JobId>,
    /// Jobs for which a thread is free that has not begun them yet, in order.
    pub(crate) starting: VecDeque<JobId>,
}

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
    /// The world of `story` before anything has happened.
    pub fn new(story: &Story) -> Self {
        let other = |named: &loopscope_trace::NamedPool| OtherPool {
            pool: Pool::of(named.threads),
            ..OtherPool::default()
        };
        let copies = story.runtime.processes.max(1);
        Self {
            pool: Pool::of(story.runtime.pool_threads.saturating_mul(copies)),
            pools: story.pools.iter().map(other).collect(),
            shared: crate::world::shared::Shared::new(story),
            ..Self::default()
        }
    }

    /// All pools of threads that have had work, as one; the default one before any has.
    pub fn pools_in_use(&self) -> Pool {
        let others = self.pools.iter().map(|other| &other.pool);
        let all = std::iter::once(&self.pool).chain(others);
        let used = all.filter(|pool| pool.peak_busy + pool.peak_queued > 0);
        let sum = used.fold(Pool::default(), |sum, pool| Pool {
            threads: sum.threads.saturating_add(pool.threads),
            busy: sum.busy + pool.busy,
            queued: sum.queued + pool.queued,
            peak_busy: sum.peak_busy + pool.peak_busy,
            peak_queued: sum.peak_queued + pool.peak_queued,
        });
        if sum.threads == 0 { self.pool } else { sum }
    }

    /// The pool that a job is for, and who is queued for it.
    pub fn pool_of(&self, pool: u16) -> (&Pool, &VecDeque<JobId>) {
        match self.other_pool(pool) {
            Some(other) => (&other.pool, &other.queue),
            None => (&self.pool, &self.job_queue),
        }
    }

    fn other_pool(&self, pool: u16) -> Option<&OtherPool> {
        let place = usize::from(pool).checked_sub(1)?;
        match pool {
            EventKind::PROCESS_POOL => Some(&self.children),
            _ => self.pools.get(place),
        }
    }

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
}

impl World {
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

impl Beats {
    fn tick(&mut self, task: TaskId, now: Nanos) {
        self.task = Some(task);
        self.seen = self.seen.saturating_add(1);
        self.last = Some(now);
    }

    /// Time has come to `now`.
    pub(crate) fn grow(&mut self, now: Nanos) {
        let gap = now.since(self.last.unwrap_or_default());
        self.longest_gap = self.longest_gap.max(gap);
    }
}

impl Pool {
    fn of(threads: u32) -> Self {
        Self {
            threads,
            ..Self::default()
        }
    }

    /// Notes how many are queued, and the most of all counts.
    pub(crate) fn count(&mut self, queued: usize) {
        self.queued = u32::try_from(queued).unwrap_or(u32::MAX);
        self.peak_queued = self.peak_queued.max(self.queued);
        self.peak_busy = self.peak_busy.max(self.busy);
    }
}
