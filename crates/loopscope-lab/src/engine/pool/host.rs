//! The interface between a program and its environment: how time passes, and where work is done.

use std::future::Future;
use std::pin::Pin;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::engine::pool::virtual_pool::{Job, VirtualHandle};
use loopscope_trace::{Nanos, PoolId};

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
