//! One thread's ring: a writer that never waits, and a reader that knows what may still come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, compiler_fence};

use rtrb::{Consumer, Producer, RingBuffer};

use crate::record::fact::Record;

/// What the writer shows to the reader besides the records.
#[derive(Debug, Default)]
struct Mark {
    /// Odd while a record is being made; every record moves it on by two.
    turn: AtomicU32,
    /// Records lost so far.
    lost: AtomicU32,
    /// How many of these the reader has seen.
    seen: AtomicU32,
    /// When the first of those that the reader has not seen was lost.
    lost_since: AtomicU64,
}

/// A ring for `capacity` records.
pub fn ring(capacity: usize) -> (Writer, Reader) {
    let (producer, consumer) = RingBuffer::new(capacity);
    let mark = Arc::new(Mark::default());
    let writer = Writer {
        producer,
        mark: Arc::clone(&mark),
        turn: 0,
        lost: 0,
    };
    let reader = Reader {
        consumer,
        mark,
        turn: 0,
        idle_at: 0,
        scanned_at: 0,
    };
    (writer, reader)
}

/// The end that a thread writes to: [`Writer::begin`], read the clock, [`Writer::push`],
/// [`Writer::end`]. The mark goes up before the clock is read, so that the reader never believes
/// that nothing older can come while a slow writer still holds an old reading.
#[derive(Debug)]
pub struct Writer {
    producer: Producer<Record>,
    mark: Arc<Mark>,
    turn: u32,
    lost: u32,
}

impl Writer {
    /// Marks the slot busy; the clock may be read from now on.
    #[inline]
    pub fn begin(&mut self) {
        self.turn = self.turn.wrapping_add(1);
        // A full fence here would double the cost of a record. The store becomes visible within
        // the life of a store buffer instead, and the collector's margin covers that time.
        self.mark.turn.store(self.turn, Ordering::Release);
        compiler_fence(Ordering::SeqCst);
    }

    /// Hands the record on, or counts it as lost when the ring is full.
    #[inline]
    pub fn push(&mut self, record: Record) {
        if self.producer.push(record).is_err() {
            self.lose(record.raw);
        }
    }

    /// Marks the slot idle.
    #[inline]
    pub fn end(&mut self) {
        self.turn = self.turn.wrapping_add(1);
        self.mark.turn.store(self.turn, Ordering::Release);
    }

    #[cold]
    fn lose(&mut self, raw: u64) {
        if self.mark.seen.load(Ordering::Acquire) == self.lost {
            self.mark.lost_since.store(raw, Ordering::Relaxed);
        }
        self.lost = self.lost.wrapping_add(1);
        self.mark.lost.store(self.lost, Ordering::Release);
    }
}

/// The end that the collector reads from.
#[derive(Debug)]
pub struct Reader {
    consumer: Consumer<Record>,
    mark: Arc<Mark>,
    turn: u32,
    idle_at: u64,
    scanned_at: u64,
}

/// Records that were lost, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// How many.
    pub count: u32,
    /// The raw reading of the first of them.
    pub since: u64,
}

impl Reader {
    /// Nothing of this ring can be older than `raw`, for it did not exist then.
    pub fn born(&mut self, raw: u64) {
        self.idle_at = raw;
        self.scanned_at = raw;
    }

    /// Looks at the writer at the reading `scan`, which was taken before the call, and returns the
    /// earliest reading that a record which is not in the ring yet can carry.
    pub fn bound(&mut self, scan: u64) -> u64 {
        let turn = self.mark.turn.load(Ordering::Acquire);
        if turn.is_multiple_of(2) {
            self.idle_at = scan;
        } else if turn != self.turn {
            // Another record than at the last look, so this one was begun after it.
            self.idle_at = self.scanned_at;
        }
        self.turn = turn;
        self.scanned_at = scan;
        self.idle_at
    }

    /// Takes what is in the ring now.
    pub fn drain(&mut self, mut take: impl FnMut(Record)) {
        // A bounded number of records, so that a fast writer cannot keep the collector here.
        for _ in 0..self.consumer.slots() {
            match self.consumer.pop() {
                Ok(record) => take(record),
                Err(_) => break,
            }
        }
    }

    /// What was lost since the last call.
    pub fn lost(&mut self) -> Option<Lost> {
        let lost = self.mark.lost.load(Ordering::Acquire);
        let seen = self.mark.seen.load(Ordering::Relaxed);
        if lost == seen {
            return None;
        }
        let since = self.mark.lost_since.load(Ordering::Relaxed);
        self.mark.seen.store(lost, Ordering::Release);
        Some(Lost {
            count: lost.wrapping_sub(seen),
            since,
        })
    }
}
