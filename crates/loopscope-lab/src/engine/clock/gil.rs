//! CPython's lock, as a model: a thread that computes or prints holds it, one that sleeps or awaits does not.
//!
//! It follows CPython's own protocol: a thread that has waited for the switch interval asks, the holder
//! lets go at its next look, and stays away until another thread has had the lock.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;
use std::{task, thread};

use loopscope_probe::Recorder;
use loopscope_trace::{EventKind, Nanos};
use parking_lot::{Condvar, Mutex};
use pin_project_lite::pin_project;

use crate::engine::clock::participants::{Look, Progress, Signal};
use crate::engine::clock::virtual_clock::VirtualClock;

/// `sys.getswitchinterval()`, in scenario time.
const SWITCH_INTERVAL: Nanos = Nanos::from_millis(5);

/// How long a halted run may have to wait for a waiting thread to look up.
const HALT_POLL: Duration = Duration::from_millis(20);

/// The lock of one process.
#[derive(Debug)]
pub(crate) struct Gil {
    recorder: Recorder,
    halt: Arc<Signal>,
    /// Where time is computed.
    clock: Option<Arc<VirtualClock>>,
    /// Wall time.
    interval: Duration,
    /// A thread has waited for the whole interval.
    asked: Arc<AtomicBool>,
    state: Arc<Mutex<State>>,
    /// The lock is free.
    freed: Condvar,
    /// The lock has a new holder.
    taken: Condvar,
}

#[derive(Debug, Default)]
struct State {
    holder: Option<thread::ThreadId>,
    /// How often it has been taken.
    turns: u64,
}

/// The lock is held until this is dropped, unless the thread had it before.
pub(crate) struct GilGuard<'a>(Option<&'a Gil>);

impl Drop for GilGuard<'_> {
    fn drop(&mut self) {
        if let Some(gil) = self.0 {
            gil.give();
        }
    }
}

impl Gil {
    /// A lock that is free.
    pub(crate) fn new(
        recorder: Recorder,
        halt: Arc<Signal>,
        speed: f64,
        clock: Option<Arc<VirtualClock>>,
    ) -> Self {
        Self {
            clock,
            recorder,
            halt,
            interval: SWITCH_INTERVAL.wall(speed).max(Duration::from_micros(50)),
            asked: Arc::default(),
            state: Arc::default(),
            freed: Condvar::new(),
            taken: Condvar::new(),
        }
    }

    /// Waits for the lock and holds it. A halted run gets no lock, and needs none.
    pub(crate) fn hold(&self) -> GilGuard<'_> {
        let mine = self.is_mine(&self.state.lock());
        GilGuard((!mine && self.take(Progress::Any)).then_some(self))
    }

    /// Whether a thread has waited for it for the whole interval.
    pub(crate) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Does something that CPython does without the lock: sleeping, reading, waiting.
    pub(crate) fn without<T>(&self, wait: impl FnOnce() -> T) -> T {
        if !self.give() {
            return wait();
        }
        let result = wait();
        self.take(Progress::Any);
        result
    }

    /// Lets go if another thread has asked, and waits for the next turn. Called while computing.
    pub(crate) fn look(&self) {
        if !self.asked.load(Ordering::Relaxed) {
            return;
        }
        let turns = self.state.lock().turns;
        if !self.give() {
            return;
        }
        // The asker must get it, also when this thread would be quicker.
        if let Some(clock) = &self.clock {
            let own = Arc::clone(&self.state);
            clock.watch_asleep(Progress::Lock, move |_| match own.lock().turns == turns {
                true => Look::Waits(None),
                false => Look::GoesOn,
            });
            self.take(Progress::Lock);
            return;
        }
        let mut state = self.state.lock();
        while state.turns == turns && !self.halt.given() {
            self.taken
                .wait_for(&mut state, self.interval.min(HALT_POLL));
        }
        drop(state);
        self.take(Progress::Any);
    }

    /// False where the run was halted first. `done` is what the thread has done since its last turn.
    fn take(&self, done: Progress) -> bool {
        let thread = self.recorder.thread();
        self.recorder.record(EventKind::GilWanted { thread });
        if let Some(clock) = &self.clock
            && !self.is_free_in(clock, done)
        {
            return false;
        }
        let mut state = self.state.lock();
        let mut waited = Duration::ZERO;
        while state.holder.is_some() {
            if self.halt.given() {
                return false;
            }
            let turns = state.turns;
            let step = self.interval.min(HALT_POLL);
            let late = self.freed.wait_for(&mut state, step).timed_out();
            waited += step;
            if !late || state.turns != turns {
                waited = Duration::ZERO;
            } else if waited >= self.interval {
                self.asked.store(true, Ordering::Relaxed);
            }
        }
        state.holder = Some(thread::current().id());
        state.turns += 1;
        self.asked.store(false, Ordering::Relaxed);
        // Noted under the lock, so that two holders never seem to overlap.
        self.recorder.record(EventKind::GilTaken { thread });
        self.taken.notify_all();
        true
    }

    /// Waits in computed time until it is free, and asks for it after each interval in which no
    /// other thread got it; false where the run is over.
    fn is_free_in(&self, clock: &VirtualClock, done: Progress) -> bool {
        let (own, asked) = (Arc::clone(&self.state), Arc::clone(&self.asked));
        let mut turns = self.state.lock().turns;
        let mut until = clock.now() + SWITCH_INTERVAL;
        clock.watch_asleep(done, move |now| {
            let state = own.lock();
            let late = state.turns == turns && until <= now;
            if state.holder.is_none() {
                return Look::GoesOn;
            }
            if state.turns == turns && !late {
                return Look::Waits(Some(until));
            }
            if late {
                asked.store(true, Ordering::Relaxed);
            }
            turns = state.turns;
            until = now + SWITCH_INTERVAL;
            Look::WaitsAnew(until)
        });
        clock.ended().is_none()
    }

    /// False where this thread does not hold it.
    fn give(&self) -> bool {
        let mut state = self.state.lock();
        if !self.is_mine(&state) {
            return false;
        }
        let thread = self.recorder.thread();
        self.recorder.record(EventKind::GilReleased { thread });
        state.holder = None;
        self.freed.notify_one();
        true
    }

    fn is_mine(&self, state: &State) -> bool {
        state.holder == Some(thread::current().id())
    }
}

/// Does something that CPython does without the lock, where there is one.
pub(crate) fn without<T>(gil: Option<&Gil>, wait: impl FnOnce() -> T) -> T {
    match gil {
        Some(gil) => gil.without(wait),
        None => wait(),
    }
}

pin_project! {
    /// A future whose every turn needs the lock, where there is one.
    pub(crate) struct Polled<F> {
        gil: Option<Arc<Gil>>,
        #[pin]
        inner: F,
    }
}

/// Lets `future` hold the lock during each of its turns.
pub(crate) fn polled<F: Future>(gil: Option<Arc<Gil>>, future: F) -> Polled<F> {
    Polled { gil, inner: future }
}

impl<F: Future> Future for Polled<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _held = this.gil.as_deref().map(Gil::hold);
        this.inner.poll(context)
    }
}
