//! Timers of tasks in computed time, and the loops that look at them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, Waker};

use loopscope_trace::Nanos;

use crate::engine::clock::participants::{Actor, Progress};
use crate::engine::clock::virtual_clock::{VirtualClock, me};

/// Waits for a moment.
pub(crate) struct Timer {
    clock: Arc<VirtualClock>,
    deadline: Nanos,
    key: Option<(Nanos, u64)>,
}

impl Timer {
    pub(crate) const fn new(clock: Arc<VirtualClock>, deadline: Nanos) -> Self {
        Self {
            clock,
            deadline,
            key: None,
        }
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
        if state.now >= this.deadline {
            return Poll::Ready(());
        }
        let key = (this.deadline, state.number());
        let own = me().unwrap_or_default();
        state.timers.insert(key, (own, context.waker().clone()));
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
        if self.pass(state, me) {
            self.wake_due(me);
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

    /// A loop has given a task its turn: timers that have run out meanwhile wake their tasks.
    pub(crate) fn polled(&self, me: Actor) {
        self.state.lock().progress = Progress::Any;
        self.wake_due(me);
    }

    /// Wakes all whose timers have run out on this loop, in the order of their times.
    fn wake_due(&self, me: Actor) {
        loop {
            let mut state = self.state.lock();
            let now = state.now;
            let due = state
                .timers
                .iter()
                .take_while(|((at, _), _)| *at <= now)
                .find(|(_, (own, _))| *own == me)
                .map(|(key, _)| *key);
            let Some((_, waker)) = due.and_then(|key| state.timers.remove(&key)) else {
                return;
            };
            drop(state);
            waker.wake();
        }
    }
}
