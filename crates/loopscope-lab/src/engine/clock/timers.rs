//! Timers of tasks in computed time, and the loops that look at them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, Waker};

use loopscope_trace::Nanos;

use crate::engine::clock::iteration::{Iteration, Key, Ready};
use crate::engine::clock::participants::{Actor, Progress};
use crate::engine::clock::virtual_clock::{VirtualClock, me};

/// Waits for a moment.
pub(crate) struct Timer {
    clock: Arc<VirtualClock>,
    deadline: Nanos,
    key: Option<Key>,
    /// It has run out once the loop has looked at its timers, and not at the moment itself.
    is_seen: bool,
}

impl Timer {
    pub(crate) const fn new(clock: Arc<VirtualClock>, deadline: Nanos) -> Self {
        Self {
            clock,
            deadline,
            key: None,
            is_seen: false,
        }
    }

    /// The same; it has run out once the loop has looked at its timers.
    pub(crate) const fn seen(mut self) -> Self {
        self.is_seen = true;
        self
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let mut state = this.clock.state.lock();
        if let Some(key) = this.key.take() {
            state.timers.remove(&key);
        }
        let looked = match me().and_then(|me| state.actors.get(me)) {
            Some(own) if this.is_seen => own.looked,
            _ => state.now,
        };
        if looked >= this.deadline {
            return Poll::Ready(());
        }
        let key = (this.deadline, state.number());
        let timer = (me().unwrap_or_default(), context.waker().clone());
        state.timers.waiting.insert(key, timer);
        this.key = Some(key);
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            let waker = self.clock.state.lock().timers.remove(&key);
            // Outside the lock: to drop a waker may drop a task.
            drop(waker);
        }
    }
}

impl VirtualClock {
    /// A loop has nothing to do: others have their turns until one of its timers runs out or
    /// another thread may have woken one of its tasks.
    pub(crate) fn idle(&self, me: Actor) {
        if self::me() != Some(me) {
            return;
        }
        let mut state = self.state.lock();
        if state.ended.is_some() {
            return;
        }
        state.actors[me].watches = true;
        state.actors[me].idle = true;
        let goes_on = self.pass(state, me);
        // What another thread has woken before it at the very moment of a timer may be done before the timer is noticed.
        if goes_on && (Ready::now().is_empty() || !self.is_disturbed()) {
            self.notice(me);
        }
        let waker = self.state.lock().wakers.get(&me).cloned();
        // Without it the loop's thread would go to sleep in earnest, and keep its turn.
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Keeps the waker of a loop's root, which makes the loop look around once more.
    pub(crate) fn keep_waker(&self, me: Actor, waker: &Waker) {
        self.state.lock().wakers.insert(me, waker.clone());
    }

    /// A loop has given a task its turn: timers that have run out meanwhile wake their tasks, in the order of
    /// their times.
    pub(crate) fn polled(&self, me: Actor) {
        let mut state = self.state.lock();
        state.progress = Progress::Any;
        state.actors[me].looked = state.now;
        if self.iterates && !state.actors[me].iteration.turn_over(Ready::now()) {
            return;
        }
        drop(state);
        if self.iterates {
            self.iterate(me);
        } else {
            self.notice(me);
        }
    }

    /// Notices what has run out, and wakes its tasks: nothing else is ready.
    fn notice(&self, me: Actor) {
        let mut state = self.state.lock();
        let now = state.now;
        state.actors[me].looked = now;
        state.timers.notice(me, now);
        drop(state);
        self.iterate(me);
    }

    /// The next iteration of a loop: wakes the tasks of the timers that it has noticed in the last one, and notices
    /// those that have run out by now.
    pub(crate) fn iterate(&self, me: Actor) {
        loop {
            while let Some(waker) = self.pop_noticed(me) {
                waker.wake();
            }
            let mut state = self.state.lock();
            let (now, ready) = (state.now, Ready::now());
            state.actors[me].iteration = Iteration::begin(ready);
            if self.iterates {
                state.timers.notice(me, now);
            }
            if !(ready.is_empty() && state.timers.has_noticed(me)) {
                return;
            }
        }
    }

    /// Outside the lock, a waker may do anything.
    fn pop_noticed(&self, me: Actor) -> Option<Waker> {
        self.state.lock().timers.pop_noticed(me)
    }
}
