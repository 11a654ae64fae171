//! The pool of child processes: jobs in order of their arrival, each to a child that is idle.

use std::collections::VecDeque;

use tokio::sync::oneshot;

use super::frame::{Order, ToChild};
use loopscope_trace::{JobId, ProcessId};

/// How a job on a child process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Ended {
    /// The child did it to the end.
    Done,
    /// The child was killed, or there is no child any more.
    Killed,
}

/// A job and who waits for it.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) order: Order,
    pub(super) done: oneshot::Sender<Ended>,
}

/// Who is idle, who does what, and what waits.
#[derive(Debug, Default)]
pub(super) struct Desk {
    idle: VecDeque<ProcessId>,
    busy: Vec<(ProcessId, Job)>,
    waiting: VecDeque<Job>,
}

impl Desk {
    /// A child has nothing to do.
    pub(super) fn idle(&mut self, child: ProcessId) {
        self.idle.push_back(child);
    }

    /// A job has come.
    pub(super) fn add(&mut self, job: Job) {
        self.waiting.push_back(job);
    }

    /// The next child and what it should be told.
    pub(super) fn next(&mut self) -> Option<(ProcessId, ToChild)> {
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
    pub(super) fn done(&mut self, child: ProcessId) {
        if let Some(job) = self.take(child) {
            let _ = job.done.send(Ended::Done);
        }
        self.idle(child);
    }

    /// The child is gone; the job that it had.
    pub(super) fn gone(&mut self, child: ProcessId) -> Option<Job> {
        self.idle.retain(|idle| *idle != child);
        self.take(child)
    }

    /// Who does the job.
    pub(super) fn who(&self, job: JobId) -> Option<ProcessId> {
        let (child, _) = self.busy.iter().find(|(_, busy)| busy.order.job == job)?;
        Some(*child)
    }

    /// Takes a job out of the queue; `None` where it does not wait there.
    pub(super) fn withdraw(&mut self, job: JobId) -> Option<Job> {
        let place = self
            .waiting
            .iter()
            .position(|waits| waits.order.job == job)?;
        self.waiting.remove(place)
    }

    /// All jobs that wait: nobody will do them.
    pub(super) fn give_up(&mut self) -> Vec<Job> {
        self.waiting.drain(..).collect()
    }

    fn take(&mut self, child: ProcessId) -> Option<Job> {
        let place = self.busy.iter().position(|(busy, _)| *busy == child)?;
        Some(self.busy.swap_remove(place).1)
    }
}
