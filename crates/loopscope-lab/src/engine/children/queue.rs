//! Jobs for child processes in the order of their arrival, each given to an idle child.

use std::collections::VecDeque;

use tokio::sync::oneshot;

use crate::engine::children::protocol::{ProcessJob, ToChild};
use loopscope_trace::{JobId, ProcessId};

/// How a job on a child process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The child did it to the end.
    Done,
    /// The child was killed, or there is no child any more.
    Killed,
}

/// A job and the task that waits for it.
#[derive(Debug)]
pub(crate) struct PendingJob {
    pub(crate) order: ProcessJob,
    pub(crate) done: oneshot::Sender<Ended>,
}

/// The idle children, the busy ones with their jobs, and the jobs that wait.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    idle: VecDeque<ProcessId>,
    busy: Vec<(ProcessId, PendingJob)>,
    waiting: VecDeque<PendingJob>,
}

impl Queue {
    /// A child has nothing to do.
    pub(crate) fn idle(&mut self, child: ProcessId) {
        self.idle.push_back(child);
    }

    /// A job has come.
    pub(crate) fn add(&mut self, job: PendingJob) {
        self.waiting.push_back(job);
    }

    /// The next child and its frame.
    pub(crate) fn next(&mut self) -> Option<(ProcessId, ToChild)> {
        if self.waiting.is_empty() {
            return None;
        }
        let child = self.idle.pop_front()?;
        let job = self.waiting.pop_front()?;
        let frame = ToChild::Work(job.order.clone());
        self.busy.push((child, job));
        Some((child, frame))
    }

    /// The child has done its job.
    pub(crate) fn done(&mut self, child: ProcessId) {
        if let Some(job) = self.take(child) {
            let _ = job.done.send(Ended::Done);
        }
        self.idle(child);
    }

    /// The child is gone; the job that it had.
    pub(crate) fn remove(&mut self, child: ProcessId) -> Option<PendingJob> {
        self.idle.retain(|idle| *idle != child);
        self.take(child)
    }

    /// The child that does the job.
    pub(crate) fn child_of(&self, job: JobId) -> Option<ProcessId> {
        let (child, _) = self.busy.iter().find(|(_, busy)| busy.order.job == job)?;
        Some(*child)
    }

    /// Takes a job out of the queue; `None` where it does not wait there.
    pub(crate) fn withdraw(&mut self, job: JobId) -> Option<PendingJob> {
        let place = self
            .waiting
            .iter()
            .position(|waits| waits.order.job == job)?;
        self.waiting.remove(place)
    }

    /// All jobs that wait; no child is left to do them.
    pub(crate) fn drain(&mut self) -> Vec<PendingJob> {
        self.waiting.drain(..).collect()
    }

    fn take(&mut self, child: ProcessId) -> Option<PendingJob> {
        let place = self.busy.iter().position(|(busy, _)| *busy == child)?;
        Some(self.busy.swap_remove(place).1)
    }
}
