//! Time: a raw reading of the processor's counter, or of a clock that the program sets, becomes a moment of the
//! run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use loopscope_trace::Nanos;
use quanta::Clock;
use rustix::time::{ClockId, clock_gettime};

/// Bits of a reading that count the readings in one moment.
const READINGS: u32 = 24;
/// A moment, in nanoseconds.
const MOMENT: u64 = 1_000;

/// A clock that the program sets; a [`Recorder`](crate::Recorder) reads it in place of the
/// processor's. Its resolution is a microsecond.
#[derive(Debug, Default)]
pub struct VirtualTime {
    next: AtomicU64,
    closed: AtomicBool,
}

impl VirtualTime {
    /// Sets the time to `at`; an earlier time than before changes nothing.
    pub fn set(&self, at: Nanos) {
        self.next
            .fetch_max((at.0 / MOMENT) << READINGS, Ordering::AcqRel);
    }

    /// Ends the recording: what happens from now on is not noted.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Whether the recording has been ended.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// The next reading.
    pub(crate) fn raw(&self) -> u64 {
        self.next.fetch_add(1, Ordering::AcqRel)
    }

    /// The moment of a reading.
    pub(crate) const fn at(raw: u64) -> Nanos {
        Nanos((raw >> READINGS) * MOMENT)
    }
}

/// The origin of a run that has not started: every reading is at zero.
const NOT_STARTED: u64 = u64::MAX;

/// Reads time and turns readings into moments.
#[derive(Debug)]
pub(crate) struct RunClock {
    counter: Clock,
    virtual_time: Option<Arc<VirtualTime>>,
    origin: AtomicU64,
    speed: f64,
}

impl RunClock {
    /// `speed`: seconds of the run in a second of wall time.
    pub(crate) fn new(speed: f64, virtual_time: Option<Arc<VirtualTime>>) -> Self {
        Self {
            counter: Clock::new(),
            virtual_time,
            origin: AtomicU64::new(NOT_STARTED),
            speed,
        }
    }

    #[inline]
    pub(crate) fn raw(&self) -> u64 {
        match &self.virtual_time {
            None => self.counter.raw(),
            Some(time) => time.raw(),
        }
    }

    /// Whether virtual time has been closed: what happens then is no part of the run.
    #[inline]
    pub(crate) fn is_closed(&self) -> bool {
        let time = self.virtual_time.as_ref();
        time.is_some_and(|time| time.is_closed())
    }

    /// The run starts at the reading `raw`, unless it has started.
    pub(crate) fn start(&self, raw: u64) {
        let _ = self
            .origin
            .compare_exchange(NOT_STARTED, raw, Ordering::AcqRel, Ordering::Acquire);
    }

    /// The run started when CLOCK_MONOTONIC said `origin`, unless it has started.
    pub(crate) fn start_at(&self, origin: Duration) {
        let (wall, raw) = both(|| self.raw());
        let ago = wall.saturating_sub(origin);
        self.start(raw.saturating_sub(self.ticks(ago.as_nanos() as f64)));
    }

    /// What CLOCK_MONOTONIC said at the start of the run; `None` before it.
    pub(crate) fn started_at(&self) -> Option<Duration> {
        let origin = self.origin.load(Ordering::Acquire);
        let (wall, raw) = both(|| self.raw());
        let ago = self.counter.delta_as_nanos(origin, raw.max(origin));
        (origin != NOT_STARTED).then(|| wall.saturating_sub(Duration::from_nanos(ago)))
    }

    /// The moment of a raw reading.
    pub(crate) fn at(&self, raw: u64) -> Nanos {
        if self.virtual_time.is_some() {
            return VirtualTime::at(raw);
        }
        let origin = self.origin.load(Ordering::Acquire);
        let wall = self.counter.delta_as_nanos(origin, raw.max(origin));
        Nanos((wall as f64 * self.speed) as u64)
    }

    /// The raw reading at a moment; before the start of the run, the reading now.
    pub(crate) fn raw_at(&self, at: Nanos) -> u64 {
        let origin = self.origin.load(Ordering::Acquire);
        if origin == NOT_STARTED {
            return self.raw();
        }
        origin.saturating_add(self.ticks(at.0 as f64 / self.speed))
    }

    /// Raw ticks in about 100 microseconds: ten times what a store buffer can hold back.
    pub(crate) fn margin(&self) -> u64 {
        if self.virtual_time.is_some() {
            return 0;
        }
        self.ticks(100_000.0)
    }

    /// Raw ticks in `nanos` nanoseconds of wall time.
    fn ticks(&self, nanos: f64) -> u64 {
        const TICKS: u64 = 1 << 40;
        (nanos * TICKS as f64 / self.counter.delta_as_nanos(0, TICKS).max(1) as f64) as u64
    }
}

/// CLOCK_MONOTONIC, which all processes share, and a raw reading, taken as close together as
/// the machine lets us.
pub(crate) fn both(read: impl Fn() -> u64) -> (Duration, u64) {
    const CLOSE: Duration = Duration::from_micros(5);
    const TRIES: u32 = 16;
    let mut best = (Duration::MAX, Duration::ZERO, 0);
    for _ in 0..TRIES {
        let before = monotonic();
        let reading = read();
        let apart = monotonic().saturating_sub(before);
        // Another thread may take the processor between the two.
        if apart < best.0 {
            best = (apart, before + apart / 2, reading);
        }
        if apart < CLOSE {
            break;
        }
    }
    (best.1, best.2)
}

fn monotonic() -> Duration {
    let now = clock_gettime(ClockId::Monotonic);
    Duration::new(
        now.tv_sec.unsigned_abs(),
        u32::try_from(now.tv_nsec).unwrap_or(0),
    )
}
