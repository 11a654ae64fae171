//! Computed time: a thread that sleeps, computes or waits gives its turn away, and timers of tasks run out when their loop looks.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task;
use std::task::Poll;

use loopscope_trace::{Nanos, PoolId, Story};
use tokio::runtime::Handle;

use crate::engine::clock::gil::{self, Gil};
use crate::engine::clock::virtual_clock::{VirtualClock, me};
use crate::engine::pool::host::{Host, JobHandle};
use crate::engine::pool::virtual_pool::{self, Job, Pool};

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

/// Nothing sleeps and nothing computes: time moves on when all threads have had their turn.
pub(crate) struct VirtualHost {
    clock: Arc<VirtualClock>,
    /// The default pool, and then those of the story.
    pools: Vec<Arc<Pool>>,
    /// CPython's lock, where the scenario has it.
    gil: Option<Arc<Gil>>,
}

impl VirtualHost {
    pub(crate) fn new(clock: Arc<VirtualClock>, story: &Story, gil: Option<Arc<Gil>>) -> Self {
        let own = Pool::new("pool", story.runtime.pool_threads);
        let named = story
            .pools
            .iter()
            .map(|pool| Pool::new(&format!("pool {}", pool.name), pool.threads));
        Self {
            clock,
            pools: std::iter::once(own).chain(named).map(Arc::new).collect(),
            gil,
        }
    }

    /// Drops what is still queued: it will not run.
    fn close(&self) {
        for pool in &self.pools {
            pool.close();
        }
    }
}

impl Drop for VirtualHost {
    fn drop(&mut self) {
        self.close();
    }
}

impl Host for VirtualHost {
    fn now(&self) -> Nanos {
        self.clock.now()
    }

    fn sleep(&self, length: Nanos) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let deadline = self.clock.now() + length;
        Box::pin(Timer::new(Arc::clone(&self.clock), deadline))
    }

    fn block(&self, length: Nanos) -> bool {
        gil::without(self.gil.as_deref(), || self.clock.sleep(length))
    }

    fn cpu(&self, length: Nanos) -> bool {
        let Some(gil) = &self.gil else {
            return self.clock.sleep(length);
        };
        let mut left = length;
        loop {
            let began = self.clock.now();
            let asked = self.clock.watch(Some(began + left), || gil.is_asked());
            left = Nanos(left.0.saturating_sub(self.clock.now().since(began).0));
            if self.clock.ended().is_some() {
                return false;
            }
            if left == Nanos::ZERO || !asked {
                return true;
            }
            gil.look();
        }
    }

    fn run_on_pool(
        &self,
        _runtime: &Handle,
        pool: Option<PoolId>,
        _name: &str,
        job: Job,
    ) -> Option<JobHandle> {
        let place = pool.map_or(0, |pool| pool.index() + 1);
        let job = virtual_pool::held_by(self.gil.as_ref(), job);
        let handle = self.pools.get(place)?.run(&self.clock, job)?;
        Some(JobHandle::Virtual(handle))
    }

    fn wait(&self, until: Option<Nanos>, look: &mut dyn FnMut() -> bool) -> Option<bool> {
        Some(self.clock.watch(until, look))
    }

    fn halt(&self) {
        self.close();
    }
}
