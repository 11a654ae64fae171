//! The seam between a program and the world that it runs in: how time passes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::computed::Ticket;
use super::cpu;
use super::gil::{self, Gil};
use super::signal::Signal;
use loopscope_probe::Recorder;
use loopscope_trace::{Nanos, PoolId};

/// Work for the pool.
pub(super) type Job = Box<dyn FnOnce() + Send>;

/// A job that was handed to a pool.
#[derive(Debug)]
pub(super) enum Handed {
    /// tokio's pool has it.
    Tokio(JoinHandle<()>),
    /// A pool in computed time has it.
    Computed(Ticket),
}

impl Handed {
    /// Whether it has ended.
    pub(super) fn is_finished(&self) -> bool {
        match self {
            Self::Tokio(handle) => handle.is_finished(),
            Self::Computed(ticket) => ticket.is_finished(),
        }
    }

    /// Takes it out of the queue; one that runs runs on.
    pub(super) fn abort(&self) {
        match self {
            Self::Tokio(handle) => handle.abort(),
            Self::Computed(ticket) => ticket.abort(),
        }
    }

    /// Waits for its end. A job that failed is told by its own end.
    pub(super) async fn wait(self) {
        match self {
            Self::Tokio(handle) => drop(handle.await),
            Self::Computed(ticket) => ticket.wait().await,
        }
    }
}

/// What a wait of the clients' agenda ended with.
pub(super) enum Turn<C> {
    /// The moment has come.
    Due,
    /// A command came first.
    Command(C),
    /// Nobody can send commands any more: the run is over.
    Closed,
}

/// How time passes, and where work is done. All lengths are scenario time.
pub(super) trait Host: Send + Sync {
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
    ) -> Option<Handed>;

    /// Waits for the next moment of the clients' agenda, or a command.
    fn agenda(
        &self,
        next: Option<Nanos>,
        commands: &Receiver<super::client::Command>,
    ) -> Turn<super::client::Command>;

    /// Holds the thread until `look` is satisfied or the moment has come; whether it was
    /// satisfied. `None` where threads wait for each other by themselves.
    fn wait(&self, _until: Option<Nanos>, _look: &mut dyn FnMut() -> bool) -> Option<bool> {
        None
    }

    /// The clients' thread has come.
    fn arrive(&self) {}

    /// The run is halted: nobody will run what is still queued.
    fn halt(&self) {}
}

/// It really happens: threads sleep, processors compute, `speed` times as fast as the scenario says.
#[derive(Debug)]
pub(super) struct Real {
    pub(super) recorder: Recorder,
    pub(super) speed: f64,
    pub(super) halt: Arc<Signal>,
    /// CPython's lock, where the scenario has it.
    pub(super) gil: Option<Arc<Gil>>,
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
    ) -> Option<Handed> {
        let job = gil::held_by(self.gil.as_ref(), job);
        tokio::task::Builder::new()
            .name(name)
            .spawn_blocking_on(job, runtime)
            .ok()
            .map(Handed::Tokio)
    }

    #[cfg(not(tokio_unstable))]
    fn run_on_pool(
        &self,
        runtime: &Handle,
        _pool: Option<PoolId>,
        _name: &str,
        job: Job,
    ) -> Option<Handed> {
        let handle = runtime.spawn_blocking(gil::held_by(self.gil.as_ref(), job));
        Some(Handed::Tokio(handle))
    }

    fn agenda(
        &self,
        next: Option<Nanos>,
        commands: &Receiver<super::client::Command>,
    ) -> Turn<super::client::Command> {
        let Some(next) = next else {
            return commands.recv().map_or(Turn::Closed, Turn::Command);
        };
        let left = next.since(self.now());
        if left == Nanos::ZERO {
            return Turn::Due;
        }
        match commands.recv_timeout(left.wall(self.speed)) {
            Ok(command) => Turn::Command(command),
            Err(RecvTimeoutError::Timeout) => Turn::Due,
            Err(RecvTimeoutError::Disconnected) => Turn::Closed,
        }
    }
}
