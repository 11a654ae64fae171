//! The pools and the heartbeat at one moment.

use std::collections::VecDeque;

use loopscope_trace::{JobId, Nanos, TaskId};

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

impl Beats {
    pub(crate) fn tick(&mut self, task: TaskId, now: Nanos) {
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
    pub(crate) fn of(threads: u32) -> Self {
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
