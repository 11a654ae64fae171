//! A lane: a ring of records with one writer and one reader, and what its thread is in the middle of.

use std::sync::OnceLock;

use crate::lane::atomic::{AtomicU64, Ordering};
use crate::lane::word::Word;

/// Records in one stretch of the ring; a stretch has memory once the first record comes there.
const STRETCH: u64 = if cfg!(loopscope_model) { 2 } else { 1024 };
/// How many stretches there are.
const STRETCHES: usize = if cfg!(loopscope_model) { 2 } else { 64 };

/// A thread's ring.
#[derive(Debug)]
pub struct Lane {
    stretches: [OnceLock<Box<[AtomicU64]>>; STRETCHES],
    /// How many records were written, and how many were taken out.
    head: AtomicU64,
    tail: AtomicU64,
    lost: AtomicU64,
    /// When what is under way began; 0 for nothing. And what it is.
    open_at: AtomicU64,
    open: AtomicU64,
}

/// What a thread is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// The reading of the clock at which it began.
    pub at: u64,
    /// The task that it polls; `None` while it sleeps.
    pub task: Option<u32>,
}

/// Stands for a sleep in the place of a task.
const SLEEP: u64 = 1 << 32;

impl Default for Lane {
    fn default() -> Self {
        Self {
            stretches: std::array::from_fn(|_| OnceLock::new()),
            head: AtomicU64::new(0),
            tail: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            open_at: AtomicU64::new(0),
            open: AtomicU64::new(0),
        }
    }
}

impl Lane {
    /// How many records there is room for.
    pub const ROOM: u64 = STRETCH * STRETCHES as u64;

    /// How many records were written. Only the writer calls it.
    pub(crate) fn written(&self) -> u64 {
        self.head.load(Ordering::Relaxed)
    }

    /// How many records were taken out; their places may be written again.
    #[inline]
    pub(crate) fn taken(&self) -> u64 {
        self.tail.load(Ordering::Acquire)
    }

    /// Writes the record with the number `head`, for which there is room. Only the writer calls it.
    #[inline]
    pub(crate) fn write(&self, head: u64, at: u64, word: Word) {
        let stretch = &self.stretches[(head / STRETCH) as usize % STRETCHES];
        let words = stretch.get_or_init(|| (0..2 * STRETCH).map(|_| AtomicU64::new(0)).collect());
        let place = (head % STRETCH) as usize * 2;
        words[place].store(at, Ordering::Relaxed);
        words[place + 1].store(word.0, Ordering::Relaxed);
        self.head.store(head + 1, Ordering::Release);
    }

    /// Counts a record that found no room. Only the writer calls it.
    #[cold]
    pub(crate) fn lose(&self) {
        let lost = self.lost.load(Ordering::Relaxed);
        self.lost.store(lost + 1, Ordering::Release);
    }

    /// Says what the thread is in the middle of; before, [`Lane::close`] has said that nothing is.
    #[inline]
    pub(crate) fn begin(&self, open: Open) {
        let what = open.task.map_or(SLEEP, u64::from);
        // A reader that sees this one sees that the one before is over.
        self.open.store(what, Ordering::Release);
        self.open_at.store(open.at, Ordering::Release);
    }

    /// Nothing is under way; the record of what was stands in the ring already.
    #[inline]
    pub(crate) fn close(&self) {
        self.open_at.store(0, Ordering::Release);
    }

    /// What the thread is in the middle of, as its own writer knows it.
    #[inline]
    pub(crate) fn own(&self) -> Option<Open> {
        let at = self.open_at.load(Ordering::Relaxed);
        (at != 0).then(|| open(at, self.open.load(Ordering::Relaxed)))
    }

    /// What the thread is in the middle of; `None` also where that changes at this moment. To be called before
    /// [`Lane::drain`]: what is not among the records drained then is still under way.
    pub fn open(&self) -> Option<Open> {
        let at = self.open_at.load(Ordering::Acquire);
        let what = self.open.load(Ordering::Acquire);
        let still = self.open_at.load(Ordering::Acquire) == at;
        (at != 0 && still).then(|| open(at, what))
    }

    /// Takes out what is in the ring now.
    pub fn drain(&self, mut take: impl FnMut(u64, Word)) {
        let tail = self.tail.load(Ordering::Relaxed);
        let head = self.head.load(Ordering::Acquire);
        for number in tail..head {
            let stretch = &self.stretches[(number / STRETCH) as usize % STRETCHES];
            let Some(words) = stretch.get() else { continue };
            let place = (number % STRETCH) as usize * 2;
            let at = words[place].load(Ordering::Relaxed);
            take(at, Word(words[place + 1].load(Ordering::Relaxed)));
        }
        self.tail.store(head, Ordering::Release);
    }

    /// How many records were lost so far.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Acquire)
    }
}

const fn open(at: u64, what: u64) -> Open {
    Open {
        at,
        task: if what == SLEEP {
            None
        } else {
            Some(what as u32)
        },
    }
}
