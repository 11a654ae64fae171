//! The interface between a program and its environment; in real time threads sleep and compute,
//! in computed time they give their turn away.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};
use std::time::{Duration, Instant};

use loopscope_probe::{Recorder, detail};
use loopscope_trace::{Detail, Nanos, PoolId};
use pin_project_lite::pin_project;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::engine::clock::cpu;
use crate::engine::clock::gil::{self, Gil};
use crate::engine::clock::participants::Signal;
use crate::engine::clock::pool_threads::{self, Begin, Job, PoolThreads};
use crate::engine::clock::real_timers::LoopTimers;
use crate::engine::clock::virtual_pool::VirtualHandle;

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
    pub(crate) async fn wait(&mut self) {
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

    /// A timer of the runtime that runs out at a moment, which may be past: it has run out once the loop has looked at
    /// its timers since.
    fn sleep_until(&self, moment: Nanos) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// Holds the thread, asleep; false if the run was halted meanwhile.
    fn block(&self, length: Nanos) -> bool;

    /// Holds the thread, computing, and CPython's lock all the while where it `keeps` that; false if the
    /// run was halted meanwhile.
    fn cpu(&self, length: Nanos, keeps: bool) -> bool;

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

    /// Before a step: lets other threads go on first, where that was asked for and its turn has come.
    fn delay(&self) {}

    /// The run is halted: what is still queued will not run.
    fn halt(&self) {}
}

/// It really happens: threads sleep, processors compute, `speed` times as fast as the scenario says.
#[derive(Debug)]
pub(crate) struct RealHost {
    pub(crate) recorder: Recorder,
    pub(crate) speed: f64,
    pub(crate) halt: Arc<Signal>,
    /// CPython's lock, where the scenario has it.
    pub(crate) gil: Option<Arc<Gil>>,
    /// How many threads each pool has by now: the default one, and then those of the story.
    pub(crate) threads: Vec<PoolThreads>,
    /// The timers of loops that look at them once an iteration.
    pub(crate) timers: Option<Arc<LoopTimers>>,
}

impl RealHost {
    fn sleep_here(&self, length: Nanos) -> bool {
        !self.halt.wait(length.wall(self.speed))
    }
}

impl Host for RealHost {
    fn now(&self) -> Nanos {
        self.recorder.now()
    }

    fn sleep(&self, length: Nanos) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let timers = self.timers.as_ref();
        match timers.and_then(|timers| timers.sleep(length)) {
            Some(timer) => Box::pin(timer),
            None => Box::pin(tokio::time::sleep(length.wall(self.speed))),
        }
    }

    fn sleep_until(&self, moment: Nanos) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (now, here) = (self.recorder.now(), Instant::now());
        let past = now.since(moment).wall(self.speed);
        let moment = match past.is_zero() {
            true => here + moment.since(now).wall(self.speed),
            false => here.checked_sub(past).unwrap_or(here),
        };
        Box::pin(tokio::time::sleep_until(moment.into()))
    }

    fn block(&self, length: Nanos) -> bool {
        gil::without(self.gil.as_deref(), || self.sleep_here(length))
    }

    fn cpu(&self, length: Nanos, keeps: bool) -> bool {
        let look = || {
            if let Some(gil) = &self.gil {
                gil.look();
            }
        };
        let whole = cpu::burn(length.wall(self.speed), || {
            if !keeps {
                look();
            }
            self.halt.given()
        });
        look();
        whole
    }

    fn run_on_pool(
        &self,
        runtime: &Handle,
        pool: Option<PoolId>,
        name: &str,
        job: Job,
    ) -> Option<JobHandle> {
        let Some(gil) = &self.gil else {
            return hand_over(runtime, name, job).map(JobHandle::Tokio);
        };
        let threads = self.threads.get(place(pool));
        let begins = threads
            .is_some_and(PoolThreads::begins)
            .then(|| Begin::new(gil));
        let job = pool_threads::held_by(gil, threads, begins.clone(), job);
        let handle = hand_over(runtime, name, job).map(JobHandle::Tokio)?;
        if let Some(begin) = begins {
            gil.without(|| while !(begin.is_over_within(HALT_POLL) || self.halt.given()) {});
        }
        Some(handle)
    }
}

/// How long a halted run may have to wait for a thread that waits for another one to begin.
const HALT_POLL: Duration = Duration::from_millis(20);

/// A pool's place: the default one is the first.
pub(crate) fn place(pool: Option<PoolId>) -> usize {
    pool.map_or(0, |pool| pool.index() + 1)
}

/// Hands a job to tokio's pool, under its name.
#[cfg(tokio_unstable)]
fn hand_over(runtime: &Handle, name: &str, job: Job) -> Option<JoinHandle<()>> {
    let builder = tokio::task::Builder::new().name(name);
    builder.spawn_blocking_on(job, runtime).ok()
}

#[cfg(not(tokio_unstable))]
fn hand_over(runtime: &Handle, _name: &str, job: Job) -> Option<JoinHandle<()>> {
    Some(runtime.spawn_blocking(job))
}

pin_project! {
    /// A future whose every turn needs the lock, where there is one. A loop whose parks are seen keeps it for its
    /// next turn.
    pub(crate) struct Polled<F> {
        gil: Option<Arc<Gil>>,
        #[pin]
        inner: F,
    }
}

/// Lets `future` hold the lock during each of its turns.
pub(crate) fn polled<F: Future>(gil: Option<Arc<Gil>>, future: F) -> Polled<F> {
    Polled { gil, inner: future }
}

impl<F: Future> Future for Polled<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        match this.gil.as_deref() {
            Some(gil) if detail() == Detail::Full => {
                gil.hold_on();
                this.inner.poll(context)
            }
            gil => {
                let _held = gil.map(Gil::hold);
                this.inner.poll(context)
            }
        }
    }
}
