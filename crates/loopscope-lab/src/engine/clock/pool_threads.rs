//! The threads of a pool under CPython's lock: a job holds it, and a thread that begins must have had it before its
//! starter goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::engine::clock::gil::Gil;
use crate::engine::clock::participants::Signal;

/// Work for a pool.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// A thread that begins. `Thread.start` waits until it has had the lock once.
#[derive(Clone, Debug)]
pub(crate) struct Begin {
    gil: Arc<Gil>,
    over: Arc<Signal>,
}

impl Begin {
    /// Of a thread that needs this lock.
    pub(crate) fn new(gil: &Arc<Gil>) -> Self {
        Self {
            gil: Arc::clone(gil),
            over: Arc::default(),
        }
    }

    /// On the new thread: has the lock once.
    pub(crate) fn pass(&self) {
        drop(self.gil.hold());
        self.over.give();
    }

    /// Whether the thread has had it.
    pub(crate) fn is_over(&self) -> bool {
        self.over.given()
    }

    /// Whether the thread has had it after this time at most.
    pub(crate) fn is_over_within(&self, length: Duration) -> bool {
        self.over.wait(length)
    }
}

/// How many threads a pool has, and how many jobs.
#[derive(Clone, Debug)]
pub(crate) struct PoolThreads {
    most: usize,
    begun: Arc<AtomicUsize>,
    jobs: Arc<AtomicUsize>,
}

impl PoolThreads {
    /// None so far, and `most` at most.
    pub(crate) fn new(most: u32) -> Self {
        Self {
            most: most.max(1) as usize,
            begun: Arc::default(),
            jobs: Arc::default(),
        }
    }

    /// One more job: whether it needs a new thread.
    pub(crate) fn begins(&self) -> bool {
        let jobs = self.jobs.fetch_add(1, Ordering::AcqRel);
        let begun = self.begun.load(Ordering::Acquire);
        let begins = begun <= jobs && begun < self.most;
        self.begun.fetch_add(usize::from(begins), Ordering::AcqRel);
        begins
    }
}

/// One job less, however it ends.
struct Counted(Option<PoolThreads>);

impl Drop for Counted {
    fn drop(&mut self) {
        if let Some(threads) = &self.0 {
            threads.jobs.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// Work that holds the lock: a thread of CPython's takes it out of a queue only so. One that begins has had it once before.
pub(crate) fn held_by(
    gil: &Arc<Gil>,
    threads: Option<&PoolThreads>,
    begins: Option<Begin>,
    job: Job,
) -> Job {
    let (gil, counted) = (Arc::clone(gil), Counted(threads.cloned()));
    Box::new(move || {
        let _counted = counted;
        if let Some(begin) = begins {
            begin.pass();
        }
        let _held = gil.hold();
        job();
    })
}
