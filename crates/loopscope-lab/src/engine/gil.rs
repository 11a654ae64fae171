//! CPython's lock, as a model: who computes or prints holds it, who sleeps or awaits does not.
//!
//! It follows CPython's own protocol: whoever has waited for the switch interval asks, the holder
//! lets go at its next look, and stays away until somebody else has had the lock.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use super::computed::World;
use super::host::Job;
use super::signal::Signal;
use loopscope_probe::Recorder;
use loopscope_trace::{EventKind, Nanos};

/// `sys.getswitchinterval()`, in scenario time.
const SWITCH_INTERVAL: Nanos = Nanos::from_millis(5);
/// How long a halted run may have to wait for a waiting thread to look up.
const GLANCE: Duration = Duration::from_millis(20);

/// The lock of one process.
#[derive(Debug)]
pub(super) struct Gil {
    recorder: Recorder,
    halt: Arc<Signal>,
    /// Where time is computed.
    world: Option<Arc<World>>,
    /// Wall time.
    interval: Duration,
    /// Somebody has waited for the whole interval.
    asked: AtomicBool,
    state: Mutex<State>,
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
pub(super) struct Held<'a>(Option<&'a Gil>);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(gil) = self.0 {
            gil.give();
        }
    }
}

impl Gil {
    /// A lock that nobody holds.
    pub(super) fn new(
        recorder: Recorder,
        halt: Arc<Signal>,
        speed: f64,
        world: Option<Arc<World>>,
    ) -> Self {
        Self {
            world,
            recorder,
            halt,
            interval: SWITCH_INTERVAL.wall(speed).max(Duration::from_micros(50)),
            asked: AtomicBool::new(false),
            state: Mutex::default(),
            freed: Condvar::new(),
            taken: Condvar::new(),
        }
    }

    /// Waits for the lock and holds it. A halted run gets no lock, and needs none.
    pub(super) fn hold(&self) -> Held<'_> {
        let mine = self.is_mine(&self.state());
        Held((!mine && self.take()).then_some(self))
    }

    /// Whether somebody has waited for it for the whole interval.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Does something that CPython does without the lock: sleeping, reading, waiting.
    pub(super) fn without<T>(&self, wait: impl FnOnce() -> T) -> T {
        if !self.give() {
            return wait();
        }
        let result = wait();
        self.take();
        result
    }

    /// Lets go if somebody has asked, and waits for the next turn. Called while computing.
    pub(super) fn look(&self) {
        if !self.asked.load(Ordering::Relaxed) {
            return;
        }
        let turns = self.state().turns;
        if !self.give() {
            return;
        }
        // The asker must get it, also when this thread would be quicker.
        if let Some(world) = &self.world {
            world.watch(None, || self.state().turns != turns);
            self.take();
            return;
        }
        let mut state = self.state();
        while state.turns == turns && !self.halt.given() {
            state = wait(&self.taken, state, self.interval.min(GLANCE)).0;
        }
        drop(state);
        self.take();
    }

    /// False where the run was halted first.
    fn take(&self) -> bool {
        let thread = self.recorder.thread();
        self.recorder.record(EventKind::GilWanted { thread });
        if let Some(world) = &self.world
            && !self.is_free_in(world)
        {
            return false;
        }
        let mut state = self.state();
        let mut waited = Duration::ZERO;
        while state.holder.is_some() {
            if self.halt.given() {
                return false;
            }
            let turns = state.turns;
            let step = self.interval.min(GLANCE);
            let late;
            (state, late) = wait(&self.freed, state, step);
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

    /// Waits in computed time until it is free, and asks for it after each interval in which nobody
    /// else got it; false where the run is over.
    fn is_free_in(&self, world: &World) -> bool {
        loop {
            let turns = self.state().turns;
            let until = world.now() + SWITCH_INTERVAL;
            let changed = world.watch(Some(until), || {
                let state = self.state();
                state.holder.is_none() || state.turns != turns
            });
            if world.ended().is_some() {
                return false;
            }
            if self.state().holder.is_none() {
                return true;
            }
            if !changed {
                self.asked.store(true, Ordering::Relaxed);
            }
        }
    }

    /// False where this thread does not hold it.
    fn give(&self) -> bool {
        let mut state = self.state();
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for a sign, or for `length`; true where the time ran out.
fn wait<'a>(
    sign: &Condvar,
    state: MutexGuard<'a, State>,
    length: Duration,
) -> (MutexGuard<'a, State>, bool) {
    let (state, late) = sign
        .wait_timeout(state, length)
        .unwrap_or_else(PoisonError::into_inner);
    (state, late.timed_out())
}

/// Does something that CPython does without the lock, where there is one.
pub(super) fn without<T>(gil: Option<&Gil>, wait: impl FnOnce() -> T) -> T {
    match gil {
        Some(gil) => gil.without(wait),
        None => wait(),
    }
}

/// Work that holds the lock, where there is one: a thread of CPython's takes it out of a queue only
/// so.
pub(super) fn held_by(gil: Option<&Arc<Gil>>, job: Job) -> Job {
    let Some(gil) = gil.map(Arc::clone) else {
        return job;
    };
    Box::new(move || {
        let _held = gil.hold();
        job();
    })
}

/// A future whose every turn needs the lock, where there is one.
pub(super) struct Polled<F> {
    gil: Option<Arc<Gil>>,
    // Boxed, because a pinned field cannot be reached without `unsafe`.
    inner: Pin<Box<F>>,
}

/// Lets `future` hold the lock during each of its turns.
pub(super) fn polled<F: Future>(gil: Option<Arc<Gil>>, future: F) -> Polled<F> {
    Polled {
        gil,
        inner: Box::pin(future),
    }
}

impl<F: Future> Future for Polled<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        let _held = this.gil.as_deref().map(Gil::hold);
        this.inner.as_mut().poll(context)
    }
}
