//! Timers of tasks in computed time: they run out when their loop looks, as tokio's do.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::{World, me};
use loopscope_trace::Nanos;

/// Waits for a moment.
pub(super) struct Timer {
    world: Arc<World>,
    deadline: Nanos,
    key: Option<(Nanos, u64)>,
}

impl Timer {
    pub(super) const fn new(world: Arc<World>, deadline: Nanos) -> Self {
        Self {
            world,
            deadline,
            key: None,
        }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let mut state = this.world.state();
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
            let waker = self.world.state().timers.remove(&key);
            // Outside the lock: to drop a waker may drop a task.
            drop(waker);
        }
    }
}
