//! Timers in real time of loops that look at them once an iteration: tokio's own timer only wakes a loop that sleeps.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, Wake, Waker};

use loopscope_probe::Recorder;
use loopscope_trace::Nanos;
use parking_lot::Mutex;
use tokio::time::{Sleep, sleep};

use crate::engine::clock::iteration::{Iteration, Key, Ready, Timers};

thread_local! {
    static PLACE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// This thread is the loop at `place`.
pub(crate) fn take_place(place: usize) {
    PLACE.set(Some(place));
}

/// The timers of all loops of a run.
#[derive(Debug)]
pub(crate) struct LoopTimers {
    recorder: Recorder,
    speed: f64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    timers: Timers,
    number: u64,
    loops: Vec<Loop>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Loop {
    iteration: Iteration,
    /// It sleeps, or has had no turn since.
    parked: bool,
    /// Its timers have woken it.
    rung: bool,
}

impl LoopTimers {
    /// None so far, of so many loops.
    pub(crate) fn new(recorder: Recorder, speed: f64, loops: usize) -> Arc<Self> {
        let state = State {
            loops: vec![Loop::default(); loops],
            ..State::default()
        };
        Arc::new(Self {
            recorder,
            speed,
            state: Mutex::new(state),
        })
    }

    /// A timer of the loop that this thread is; none on another thread.
    pub(crate) fn sleep(self: &Arc<Self>, length: Nanos) -> Option<Timer> {
        let place = PLACE.get()?;
        Some(Timer {
            timers: Arc::clone(self),
            place,
            deadline: self.recorder.now() + length,
            key: None,
            alarm: Box::pin(sleep(length.wall(self.speed))),
            waker: Waker::from(Arc::new(Alarm {
                timers: Arc::clone(self),
                place,
            })),
        })
    }

    /// A loop has given a task its turn.
    pub(crate) fn polled(&self, place: usize) {
        let mut state = self.state.lock();
        let Some(own) = state.loops.get_mut(place) else {
            return;
        };
        // A thread that was woken by another one begins an iteration with its first turn.
        let woken = std::mem::take(&mut own.parked) && !std::mem::take(&mut own.rung);
        let over = own.iteration.turn_over(Ready::now());
        drop(state);
        if woken || over {
            self.iterate(place);
        }
    }

    /// A loop is about to sleep.
    pub(crate) fn parks(&self, place: usize) {
        self.wake_due(place);
        let mut state = self.state.lock();
        if let Some(own) = state.loops.get_mut(place) {
            // With a task that has just been woken it does not.
            own.parked = Ready::now().is_empty();
        }
    }

    /// Wakes the tasks of all timers that have run out: nothing else is ready.
    fn wake_due(&self, place: usize) {
        let mut state = self.state.lock();
        state.timers.notice(place, self.recorder.now());
        drop(state);
        self.iterate(place);
    }

    /// The next iteration of a loop: wakes the tasks of the timers that it has noticed in the last one, and notices
    /// those that have run out by now.
    fn iterate(&self, place: usize) {
        loop {
            while let Some(waker) = self.pop_noticed(place) {
                waker.wake();
            }
            let mut state = self.state.lock();
            let ready = Ready::now();
            if let Some(own) = state.loops.get_mut(place) {
                own.iteration = Iteration::begin(ready);
            }
            state.timers.notice(place, self.recorder.now());
            if !(ready.is_empty() && state.timers.has_noticed(place)) {
                return;
            }
        }
    }

    /// Outside the lock, a waker may do anything.
    fn pop_noticed(&self, place: usize) -> Option<Waker> {
        self.state.lock().timers.pop_noticed(place)
    }
}

/// Wakes a loop that sleeps; one that does not looks by itself.
struct Alarm {
    timers: Arc<LoopTimers>,
    place: usize,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        let mut state = self.timers.state.lock();
        let Some(own) = state.loops.get_mut(self.place).filter(|own| own.parked) else {
            return;
        };
        own.rung = true;
        drop(state);
        self.timers.wake_due(self.place);
    }
}

/// Waits for a moment.
pub(crate) struct Timer {
    timers: Arc<LoopTimers>,
    place: usize,
    deadline: Nanos,
    key: Option<Key>,
    alarm: Pin<Box<Sleep>>,
    waker: Waker,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let mut state = this.timers.state.lock();
        if let Some(key) = this.key.take() {
            state.timers.remove(&key);
        }
        if this.timers.recorder.now() >= this.deadline {
            return Poll::Ready(());
        }
        state.number += 1;
        let key = (this.deadline, state.number);
        let timer = (this.place, context.waker().clone());
        state.timers.waiting.insert(key, timer);
        drop(state);
        this.key = Some(key);
        // Where it has run out by now, the loop sees that before it sleeps.
        let _ = this
            .alarm
            .as_mut()
            .poll(&mut task::Context::from_waker(&this.waker));
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            let waker = self.timers.state.lock().timers.remove(&key);
            // Outside the lock: to drop a waker may drop a task.
            drop(waker);
        }
    }
}
