//! How much a run may do without an end: steps in one moment, and texts.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use loopscope_trace::{EndReason, Nanos};

/// Steps and rounds in one moment of computed time; a file whose steps can be counted has fewer.
const STEPS: u64 = 1_000_000;

/// The length of one text, in bytes.
const TEXT: u64 = 1024 * 1024;

/// A task or a job counts as so many steps: it takes threads to their turns and back.
pub(crate) const LAUNCH: u64 = 10;

/// Memory that a task or a job takes besides its events: about so many bytes.
const LAUNCH_BYTES: u64 = 1024;

/// What was done so far, and whether it was too much.
#[derive(Debug)]
pub(crate) struct Budget {
    /// Bytes that the run may take.
    memory: u64,
    /// Bytes of texts, tasks and jobs so far.
    spent: AtomicU64,
    moment: AtomicU64,
    steps: AtomicU64,
    over: OnceLock<EndReason>,
}

impl Budget {
    /// For a run that may take `memory` bytes.
    pub(crate) fn new(memory: u64) -> Self {
        Self {
            memory,
            spent: AtomicU64::new(0),
            moment: AtomicU64::new(0),
            steps: AtomicU64::new(0),
            over: OnceLock::new(),
        }
    }

    /// What was too much.
    pub(crate) fn over(&self) -> Option<EndReason> {
        self.over.get().copied()
    }

    /// Counts steps at a moment of computed time, where one thread goes on at a time.
    pub(crate) fn steps(&self, now: Nanos, count: u64) {
        if self.moment.swap(now.0, Ordering::Relaxed) != now.0 {
            self.steps.store(0, Ordering::Relaxed);
        }
        if self.steps.fetch_add(count, Ordering::Relaxed) >= STEPS {
            let _ = self.over.set(EndReason::Steps);
        }
    }

    /// Counts the memory of a task or a job that begins.
    pub(crate) fn launch(&self) {
        self.spent.fetch_add(LAUNCH_BYTES, Ordering::Relaxed);
    }

    /// Counts a text that was made or copied.
    pub(crate) fn text(&self, length: usize) {
        let length = length as u64;
        let all = self.spent.fetch_add(length, Ordering::Relaxed);
        if length > TEXT || all + length > self.memory {
            let _ = self.over.set(EndReason::Memory);
        }
    }

    /// Whether the run takes more than it may, with `bytes` for its events.
    pub(crate) fn is_beyond(&self, bytes: u64) -> bool {
        bytes + self.spent.load(Ordering::Relaxed) > self.memory
    }
}
