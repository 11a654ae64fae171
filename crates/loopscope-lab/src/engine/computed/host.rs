//! The host of computed time: whoever sleeps, computes or waits gives its turn away.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};

use tokio::runtime::Handle;

use super::World;
use super::pool::Pool;
use super::timer::Timer;
use crate::engine::client::Command;
use crate::engine::gil::{self, Gil};
use crate::engine::host::{Handed, Host, Job, Turn};
use loopscope_trace::{Nanos, PoolId, Story};

/// Nothing sleeps and nothing computes: time moves on where everybody has had a turn.
pub(in crate::engine) struct Computed {
    world: Arc<World>,
    /// The default pool, and then those of the story.
    pools: Vec<Arc<Pool>>,
    /// CPython's lock, where the scenario has it.
    gil: Option<Arc<Gil>>,
}

impl Computed {
    pub(in crate::engine) fn new(world: Arc<World>, story: &Story, gil: Option<Arc<Gil>>) -> Self {
        let own = Pool::new("pool", story.runtime.pool_threads);
        let named = story
            .pools
            .iter()
            .map(|pool| Pool::new(&format!("pool {}", pool.name), pool.threads));
        Self {
            world,
            pools: std::iter::once(own).chain(named).map(Arc::new).collect(),
            gil,
        }
    }

    /// Drops what is still queued: nobody will run it.
    fn close(&self) {
        for pool in &self.pools {
            pool.close();
        }
    }
}

impl Drop for Computed {
    fn drop(&mut self) {
        self.close();
    }
}

impl Host for Computed {
    fn now(&self) -> Nanos {
        self.world.now()
    }

    fn sleep(&self, length: Nanos) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let deadline = self.world.now() + length;
        Box::pin(Timer::new(Arc::clone(&self.world), deadline))
    }

    fn block(&self, length: Nanos) -> bool {
        gil::without(self.gil.as_deref(), || self.world.sleep(length))
    }

    fn cpu(&self, length: Nanos) -> bool {
        let Some(gil) = &self.gil else {
            return self.world.sleep(length);
        };
        let mut left = length;
        loop {
            let began = self.world.now();
            let asked = self.world.watch(Some(began + left), || gil.is_asked());
            left = Nanos(left.0.saturating_sub(self.world.now().since(began).0));
            if self.world.ended().is_some() {
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
    ) -> Option<Handed> {
        let place = pool.map_or(0, |pool| pool.index() + 1);
        let job = gil::held_by(self.gil.as_ref(), job);
        let ticket = self.pools.get(place)?.run(&self.world, job)?;
        Some(Handed::Computed(ticket))
    }

    fn agenda(&self, next: Option<Nanos>, commands: &Receiver<Command>) -> Turn<Command> {
        let mut heard = None;
        let mut closed = false;
        let went_on = self.world.watch(next, || {
            match commands.try_recv() {
                Ok(command) => heard = Some(command),
                Err(TryRecvError::Empty) => return false,
                Err(TryRecvError::Disconnected) => closed = true,
            }
            true
        });
        match heard {
            Some(command) => Turn::Command(command),
            None if closed => Turn::Closed,
            None if went_on || self.world.ended().is_none() => Turn::Due,
            // The story is over, and so the last word is all that is still to come.
            None => commands.recv().map_or(Turn::Closed, Turn::Command),
        }
    }

    fn wait(&self, until: Option<Nanos>, look: &mut dyn FnMut() -> bool) -> Option<bool> {
        Some(self.world.watch(until, look))
    }

    fn halt(&self) {
        self.close();
    }

    fn arrive(&self) {
        self.world.sit(self.world.clients());
    }
}
