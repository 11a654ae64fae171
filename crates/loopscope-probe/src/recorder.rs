//! The recorder: the one small interface through which facts enter.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use quanta::Clock;

use super::record::Fact;
use super::ring::{Reader, Writer, ring};
use super::texts::Texts;
use super::{Ticks, clocks, local};
use loopscope_trace::{
    EventKind, JobId, Nanos, ProcessId, RequestId, TaskId, TextId, ThreadId, ThreadRole,
};

/// Records that fit into the ring of a thread that polls tasks or plays all the clients, and of a
/// thread of the pool. Untouched parts of a ring cost no memory.
const LARGE_RING: usize = 64 * 1024;
const SMALL_RING: usize = 4 * 1024;

/// Notes facts from any thread, without waiting and without allocating. Clones are the same
/// recorder. A program that is no scenario can tell its own steps through it as well.
#[derive(Clone, Debug)]
pub struct Recorder {
    core: Arc<Core>,
}

#[derive(Debug)]
struct Core {
    clock: Clock,
    /// Where time is computed: who tells it.
    ticks: Option<Arc<Ticks>>,
    origin: AtomicU64,
    speed: f64,
    hooks: bool,
    seats: Mutex<Seats>,
    texts: Texts,
    tasks: AtomicU32,
    jobs: AtomicU32,
    requests: AtomicU32,
    processes: AtomicU32,
}

/// A slot that a thread has taken.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) writer: Writer,
    pub(super) thread: ThreadId,
    large: bool,
}

#[derive(Debug, Default)]
struct Seats {
    threads: u32,
    free: Vec<(bool, Writer)>,
    new: Vec<Reader>,
}

impl Recorder {
    /// A recorder whose time runs at `speed` scenario seconds in a wall second, from the call of
    /// [`Recorder::start`] on.
    pub fn new(speed: f64) -> Self {
        Self::with_hooks(speed, cfg!(tokio_unstable))
    }

    /// Like [`Recorder::new`], but says whether tokio's hooks tell spawns, turns and ends, or the
    /// wrappers have to.
    pub fn with_hooks(speed: f64, hooks: bool) -> Self {
        Self::with(speed, hooks, None)
    }

    /// A recorder whose time is computed.
    pub fn computed(speed: f64, ticks: Arc<Ticks>) -> Self {
        Self::with(speed, cfg!(tokio_unstable), Some(ticks))
    }

    fn with(speed: f64, hooks: bool, ticks: Option<Arc<Ticks>>) -> Self {
        let clock = Clock::new();
        Self {
            core: Arc::new(Core {
                clock,
                ticks,
                // Not started: every reading is at zero.
                origin: AtomicU64::new(u64::MAX),
                speed,
                hooks: hooks && cfg!(tokio_unstable),
                seats: Mutex::default(),
                texts: Texts::default(),
                tasks: AtomicU32::new(0),
                jobs: AtomicU32::new(0),
                requests: AtomicU32::new(0),
                processes: AtomicU32::new(0),
            }),
        }
    }

    /// Notes an event that happens now, on this thread.
    #[inline]
    pub fn record(&self, event: EventKind) {
        self.note(|| Fact::Event(event));
    }

    /// The id of `text`; the same text has the same id.
    pub fn intern(&self, text: &str) -> TextId {
        self.core.texts.intern(text)
    }

    /// Scenario time; zero before the start of the run.
    pub fn now(&self) -> Nanos {
        self.at(self.raw())
    }

    /// This thread's id; takes a slot if it has none.
    pub fn thread(&self) -> ThreadId {
        local::thread(self)
    }

    /// A new provisional id for a task.
    pub fn new_task(&self) -> TaskId {
        TaskId(self.core.tasks.fetch_add(1, Ordering::Relaxed))
    }

    /// A new provisional id for a job.
    pub fn new_job(&self) -> JobId {
        JobId(self.core.jobs.fetch_add(1, Ordering::Relaxed))
    }

    /// A new provisional id for a request.
    pub fn new_request(&self) -> RequestId {
        RequestId(self.core.requests.fetch_add(1, Ordering::Relaxed))
    }

    /// A new provisional id for a child process.
    pub fn new_process(&self) -> ProcessId {
        ProcessId(self.core.processes.fetch_add(1, Ordering::Relaxed))
    }

    /// The run starts now, unless it has started: what was noted before happened at zero.
    pub fn start(&self) {
        self.begin(self.raw());
    }

    /// The run started when CLOCK_MONOTONIC said `origin`: how a child process joins the clock.
    pub fn start_at(&self, origin: Duration) {
        let (wall, raw) = clocks::both(|| self.raw());
        let ago = wall.saturating_sub(origin);
        self.begin(raw.saturating_sub(self.ticks(ago.as_nanos() as f64)));
    }

    /// What CLOCK_MONOTONIC said at the start of the run; `None` before it.
    pub fn started_at(&self) -> Option<Duration> {
        let origin = self.core.origin.load(Ordering::Acquire);
        let (wall, raw) = clocks::both(|| self.raw());
        let ago = self.core.clock.delta_as_nanos(origin, raw.max(origin));
        (origin != u64::MAX).then(|| wall.saturating_sub(Duration::from_nanos(ago)))
    }

    fn begin(&self, raw: u64) {
        let origin = &self.core.origin;
        // A child process is told when the run began, before its own loop begins.
        let _ = origin.compare_exchange(u64::MAX, raw, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Whether tokio's hooks tell spawns, turns and ends.
    #[inline]
    pub fn hooks(&self) -> bool {
        self.core.hooks
    }

    #[inline]
    pub(super) fn note(&self, fact: impl FnOnce() -> Fact) {
        if self.is_closed() {
            return;
        }
        local::note(self, fact);
    }

    /// Whether the story is over, where time is computed: what happens then is no part of it.
    #[inline]
    pub(super) fn is_closed(&self) -> bool {
        let ticks = self.core.ticks.as_ref();
        ticks.is_some_and(|ticks| ticks.is_closed())
    }

    #[inline]
    pub(super) fn raw(&self) -> u64 {
        match &self.core.ticks {
            None => self.core.clock.raw(),
            Some(ticks) => ticks.raw(),
        }
    }

    #[inline]
    pub(super) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.core, &other.core)
    }

    /// Scenario time of a raw reading.
    pub(super) fn at(&self, raw: u64) -> Nanos {
        if self.core.ticks.is_some() {
            return Ticks::at(raw);
        }
        let origin = self.core.origin.load(Ordering::Acquire);
        let wall = self.core.clock.delta_as_nanos(origin, raw.max(origin));
        Nanos((wall as f64 * self.core.speed) as u64)
    }

    /// The raw reading at a moment of scenario time.
    pub(super) fn raw_at(&self, at: Nanos) -> u64 {
        let origin = self.core.origin.load(Ordering::Acquire);
        if origin == u64::MAX {
            // Whatever happens before the start happens at zero.
            return self.raw();
        }
        origin.saturating_add(self.ticks(at.0 as f64 / self.core.speed))
    }

    /// Raw ticks in so many nanoseconds of wall time.
    fn ticks(&self, nanos: f64) -> u64 {
        const TICKS: u64 = 1 << 40;
        (nanos * TICKS as f64 / self.core.clock.delta_as_nanos(0, TICKS).max(1) as f64) as u64
    }

    /// Raw ticks in about 100 microseconds: ten times what a store buffer can hold back.
    pub(super) fn margin(&self) -> u64 {
        if self.core.ticks.is_some() {
            return 0;
        }
        self.ticks(100_000.0)
    }

    /// A new provisional id for a thread of another process.
    pub(super) fn new_thread(&self) -> ThreadId {
        let mut seats = self.seats();
        let thread = ThreadId(seats.threads);
        seats.threads += 1;
        thread
    }

    /// The text behind an id of this recorder's.
    pub fn text(&self, id: TextId) -> Option<String> {
        self.core.texts.text(id)
    }

    pub(super) fn new_readers(&self) -> Vec<Reader> {
        std::mem::take(&mut self.seats().new)
    }

    /// A slot for the thread of this name, used again or new.
    pub(super) fn seat(&self, name: &str) -> (Seat, ThreadRole) {
        let role = role(name);
        let large = role != ThreadRole::Pool;
        let mut seats = self.seats();
        let thread = ThreadId(seats.threads);
        seats.threads += 1;
        let free = seats.free.iter().position(|(size, _)| *size == large);
        let writer = if let Some(place) = free {
            seats.free.swap_remove(place).1
        } else {
            let (writer, reader) = ring(if large { LARGE_RING } else { SMALL_RING });
            seats.new.push(reader);
            writer
        };
        let seat = Seat {
            writer,
            thread,
            large,
        };
        (seat, role)
    }

    pub(super) fn free(&self, seat: Seat) {
        self.seats().free.push((seat.large, seat.writer));
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        // Nothing in here can be left half done by a panic.
        self.core
            .seats
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Threads are told apart by their names, which the engine gives them.
fn role(name: &str) -> ThreadRole {
    if name.starts_with("pool") {
        ThreadRole::Pool
    } else if name.starts_with("clients") || matches!(name, "ear" | "wire") {
        // Those that hear children and carry requests to them stand on the clients' side too.
        ThreadRole::Client
    } else if name.starts_with("process") {
        ThreadRole::Process
    } else {
        ThreadRole::Loop
    }
}
