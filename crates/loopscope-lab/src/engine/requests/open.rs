//! What keeps a run going: everything that the story has begun and not ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

/// Counts what the story has begun and not ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenCount(Arc<AtomicUsize>);

impl OpenCount {
    /// One more, until it is dropped.
    pub(crate) fn begin(&self) -> Open {
        self.0.fetch_add(1, Ordering::AcqRel);
        Open(Arc::clone(&self.0))
    }

    /// How many.
    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

/// Something that the story has begun; ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What keeps the run open for a task; not while the task waits for a value that only others can
/// send: they keep it open then.
#[derive(Debug)]
pub(crate) struct Token {
    count: OpenCount,
    open: Mutex<Option<Open>>,
}

impl Token {
    pub(crate) const fn new(count: OpenCount, open: Open) -> Self {
        Self {
            count,
            open: Mutex::new(Some(open)),
        }
    }

    /// Keeps nothing open until the answer is dropped.
    pub(crate) fn rest(&self) -> Resting<'_> {
        self.put(None);
        Resting(self)
    }

    fn put(&self, open: Option<Open>) {
        *self.open.lock() = open;
    }
}

/// A task that rests.
pub(crate) struct Resting<'a>(&'a Token);

impl Drop for Resting<'_> {
    fn drop(&mut self) {
        self.0.put(Some(self.0.count.begin()));
    }
}
