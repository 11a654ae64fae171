//! The interface between a program and its environment, and its real form: threads sleep, processors compute, tokio's pool does the work.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use loopscope_probe::Recorder;
use loopscope_trace::{Nanos, PoolId};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::engine::clock::cpu;
use crate::engine::clock::gil::{self, Gil};
use crate::engine::clock::signal::Signal;
use crate::engine::pool::virtual_pool::{self, Job, VirtualHandle};

/// A job that was handed to a pool.
#[derive(Debug)]
pub(crate) enum JobHandle {
    /// tokio's pool has it.
    Tokio(JoinHandle<()>),
    /// A pool in computed time has it.
    Virtual(VirtualHandle),
}

impl JobHandle {
    /// Whether it has ended.
    pub(crate) fn is_finished(&self) -> bool {
        match self {
            Self::Tokio(handle) => handle.is_finished(),
            Self::Virtual(handle) => handle.is_finished(),
        }
    }

    /// Takes it out of the queue; one that runs runs on.
    pub(crate) fn abort(&self) {
        match self {
            Self::Tokio(handle) => handle.abort(),
            Self::Virtual(handle) => handle.abort(),
        }
    }

    /// Waits for its end. A job that failed has recorded its end.
    pub(crate) async fn wait(self) {
        match self {
            Self::Tokio(handle) => drop(handle.await),
            Self::Virtual(handle) => handle.wait().await,
        }
    }
}

/// How time passes, and where work is done. All lengths are scenario time.
pub(crate) trait Host: Send + Sync {
    /// Scenario time.
    fn now(&self) -> Nanos;

    /// A timer of the runtime that runs out after `length`.
    fn sleep(&self, length: Nanos) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// Holds the thread, asleep; false if the run was halted meanwhile.
    fn block(&self, length: Nanos) -> bool;

    /// Holds the thread, computing; false if the run was halted meanwhile.
    fn cpu(&self, length: Nanos) -> bool;

    /// Hands work to the pool; `None` where the system has no thread for it, and then the job
    /// has been dropped.
    fn run_on_pool(
        &self,
        runtime: &Handle,
        pool: Option<PoolId>,
        name: &str,
        job: Job,
    ) -> Option<JobHandle>;

    /// Holds the thread until `look` is satisfied or the moment has come; whether it was
    /// satisfied. `None` where threads wait for each other by themselves.
    fn wait(&self, _until: Option<Nanos>, _look: &mut dyn FnMut() -> bool) -> Option<bool> {
        None
    }

    /// The run is halted: what is still queued will not run.
    fn halt(&self) {}
}

/// It really happens: threads sleep, processors compute, `speed` times as fast as the scenario says.
#[derive(Debug)]
pub(crate) struct Real {
    pub(crate) recorder: Recorder,
    pub(crate) speed: f64,
    pub(crate) halt: Arc<Signal>,
    /// CPython's lock, where the scenario has it.
    pub(crate) gil: Option<Arc<Gil>>,
}

impl Real {
    fn sleep_here(&self, length: Nanos) -> bool {
        !self.halt.wait(length.wall(self.speed))
    }
}

impl Host for Real {
    fn now(&self) -> Nanos {
        self.recorder.now()
    }

    fn sleep(&self, length: Nanos) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(length.wall(self.speed)))
    }

    fn block(&self, length: Nanos) -> bool {
        gil::without(self.gil.as_deref(), || self.sleep_here(length))
    }

    fn cpu(&self, length: Nanos) -> bool {
        cpu::burn(length.wall(self.speed), || {
            if let Some(gil) = &self.gil {
                gil.look();
            }
            self.halt.given()
        })
    }

    #[cfg(tokio_unstable)]
    fn run_on_pool(
        &self,
        runtime: &Handle,
        _pool: Option<PoolId>,
        name: &str,
        job: Job,
    ) -> Option<JobHandle> {
        let job = virtual_pool::held_by(self.gil.as_ref(), job);
        tokio::task::Builder::new()
            .name(name)
            .spawn_blocking_on(job, runtime)
            .ok()
            .map(JobHandle::Tokio)
    }

    #[cfg(not(tokio_unstable))]
    fn run_on_pool(
        &self,
        runtime: &Handle,
        _pool: Option<PoolId>,
        _name: &str,
        job: Job,
    ) -> Option<JobHandle> {
        let handle = runtime.spawn_blocking(virtual_pool::held_by(self.gil.as_ref(), job));
        Some(JobHandle::Tokio(handle))
    }
}
