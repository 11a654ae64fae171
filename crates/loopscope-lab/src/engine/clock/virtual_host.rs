//! The environment of a run whose time is computed.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use loopscope_trace::{Nanos, PoolId, Story};
use tokio::runtime::Handle;

use crate::engine::clock::gil::{self, Gil};
use crate::engine::clock::host::{Host, JobHandle, place};
use crate::engine::clock::participants::{Look, Progress};
use crate::engine::clock::pool_threads::{self, Begin, Job};
use crate::engine::clock::timers::Timer;
use crate::engine::clock::virtual_clock::VirtualClock;
use crate::engine::clock::virtual_pool::Pool;

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

    fn sleep_until(&self, moment: Nanos) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(Timer::new(Arc::clone(&self.clock), moment).seen())
    }

    fn block(&self, length: Nanos) -> bool {
        gil::without(self.gil.as_deref(), || self.clock.sleep(length))
    }

    fn cpu(&self, length: Nanos, keeps: bool) -> bool {
        let Some(gil) = &self.gil else {
            return self.clock.sleep(length);
        };
        if keeps {
            let whole = self.clock.sleep(length);
            gil.look();
            return whole;
        }
        let (mut left, mut done) = (length, Progress::Any);
        loop {
            let began = self.clock.now();
            let (lock, end) = (Arc::clone(gil), began + left);
            self.clock.watch_asleep(done, move |now| {
                let until = end.min(lock.due());
                match until <= now {
                    true => Look::Due,
                    false => Look::Waits(Some(until)),
                }
            });
            left = Nanos(left.0.saturating_sub(self.clock.now().since(began).0));
            if self.clock.ended().is_some() {
                return false;
            }
            if left == Nanos::ZERO {
                return true;
            }
            gil.look();
            done = Progress::Lock;
        }
    }

    fn run_on_pool(
        &self,
        _runtime: &Handle,
        pool: Option<PoolId>,
        _name: &str,
        job: Job,
    ) -> Option<JobHandle> {
        let pool = self.pools.get(place(pool))?;
        let Some(gil) = &self.gil else {
            let (handle, _) = pool.run(&self.clock, job, None)?;
            return Some(JobHandle::Virtual(handle));
        };
        let job = pool_threads::held_by(gil, None, None, job);
        let begin = Begin::new(gil);
        let (handle, begins) = pool.run(&self.clock, job, Some(begin.clone()))?;
        if begins {
            gil.without(|| self.clock.watch(None, || begin.is_over()));
        }
        Some(JobHandle::Virtual(handle))
    }

    fn delay(&self) {
        if self.clock.delays() {
            self.block(Nanos::ZERO);
        }
    }

    fn wait(&self, until: Option<Nanos>, look: &mut dyn FnMut() -> bool) -> Option<bool> {
        Some(self.clock.watch(until, look))
    }

    fn halt(&self) {
        self.close();
    }
}
