//! Timers of tasks in computed time: they run out when their loop looks, as tokio's do.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task;
use std::task::Poll;

use crate::engine::clock::virtual_clock::{VirtualClock, me};
use loopscope_trace::Nanos;

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
