//! Real time: threads sleep, processors compute, tokio's pool does the work.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::runtime::Handle;

use crate::engine::clock::gil::Gil;
use crate::engine::clock::signal::Signal;
use crate::engine::clock::{cpu, gil};
use crate::engine::pool::host::{Host, JobHandle};
use crate::engine::pool::virtual_pool;
use crate::engine::pool::virtual_pool::Job;
use loopscope_probe::Recorder;
use loopscope_trace::{Nanos, PoolId};

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
