//! Builds the tokio runtime of a loop, and of its pool, and tells what was counted once a run is over.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{io, thread};

use loopscope_probe::{Recorder, Tally, Turns, console, set_thread_role, watch_with};
use loopscope_trace::{Flavor, RuntimeShape, ThreadRole};
use tokio::runtime::{Builder, Runtime, RuntimeMetrics};

/// What a run counted, once it is over: by the hooks, and by tokio itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// What the hooks counted.
    pub hooks: Tally,
    /// What tokio counted.
    pub tokio: Counters,
}

impl Counters {
    /// What several runtimes counted together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            spawns: self.spawns + other.spawns,
            polls: self.polls + other.polls,
            alive: self.alive + other.alive,
        }
    }
}

/// tokio's own counters, read after the runtime has stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Tasks spawned.
    pub spawns: u64,
    /// Turns, on all workers. With several workers tokio counts a turn and those that follow it
    /// through the worker's LIFO slot as one, while its hooks see each.
    pub polls: u64,
    /// Tasks that have not ended.
    pub alive: u64,
}

#[cfg(tokio_unstable)]
pub(crate) fn counters(metrics: &RuntimeMetrics) -> Counters {
    let workers = 0..metrics.num_workers();
    Counters {
        spawns: metrics.spawned_tasks_count(),
        polls: workers
            .map(|worker| metrics.worker_poll_count(worker))
            .sum(),
        alive: metrics.num_alive_tasks() as u64,
    }
}

#[cfg(not(tokio_unstable))]
pub(crate) fn counters(metrics: &RuntimeMetrics) -> Counters {
    Counters {
        alive: metrics.num_alive_tasks() as u64,
        ..Counters::default()
    }
}

/// What the pool's threads get to end after a halt; they need microseconds.
pub(crate) const SHUTDOWN: Duration = Duration::from_millis(40);

/// In which process a runtime stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the one and only, or in a child that works off jobs.
    Alone,
    /// In the parent of several copies of the server.
    Parent,
    /// In one of these copies.
    Copy,
}

/// Marks a thread that tokio has started: the names that it was given tell workers from a pool.
fn enter_tokio_thread() {
    let named = |name: &str| name.starts_with("pool");
    set_thread_role(match thread::current().name().is_some_and(named) {
        true => ThreadRole::Pool,
        false => ThreadRole::Loop,
    });
}

/// Builds the runtime.
pub(crate) fn build(
    shape: &RuntimeShape,
    seed: u64,
    recorder: &Recorder,
    metrics: bool,
    place: Place,
    turns: Option<Arc<dyn Turns>>,
) -> io::Result<Runtime> {
    if place == Place::Parent {
        // It only carries requests from and to the children, which is no part of the story.
        return Builder::new_current_thread().enable_all().build();
    }
    let workers = match shape.flavor {
        Flavor::CurrentThread => 0,
        Flavor::MultiThread => shape.worker_threads.max(1) as usize,
    };
    let mut builder = match shape.flavor {
        Flavor::CurrentThread => Builder::new_current_thread(),
        Flavor::MultiThread => {
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(workers);
            builder
        }
    };
    if shape.flavor == Flavor::CurrentThread {
        // A task that is woken by a client or a pool thread stands in a queue of its own, into which
        // tokio looks every 31st turn while others are ready. asyncio looks between any two.
        builder.global_queue_interval(1);
    }
    builder
        .enable_time()
        .max_blocking_threads(shape.pool_threads.max(1) as usize)
        // A pool thread keeps its lane for the whole run, however long it idles.
        .thread_keep_alive(Duration::from_secs(86_400))
        // Like asyncio: look at the timers between any two turns.
        .event_interval(1)
        .thread_name_fn(names(workers))
        .on_thread_start(enter_tokio_thread);
    if place == Place::Copy {
        builder.enable_io();
    }
    if shape.eager_driver_handoff {
        eager(&mut builder);
    }
    seeded(&mut builder, seed);
    watch_with(&mut builder, recorder, turns);
    if metrics {
        loopscope_probe::metrics::count_turns(&mut builder);
    }
    // Its workers are nothing that the scenario asked for.
    let _hidden = console::hide();
    builder.build()
}

/// The names of a runtime's threads: tokio names its workers first, in `build`, and then the pool's.
fn names(workers: usize) -> impl Fn() -> String {
    let started = AtomicUsize::new(0);
    move || match started.fetch_add(1, Ordering::Relaxed) {
        0 if workers > 0 => "loop".to_owned(),
        number if number < workers => format!("loop-{}", number + 1),
        number => format!("pool-{}", number - workers + 1),
    }
}

/// A worker that is about to poll hands the timers over to one that is idle.
#[cfg(tokio_unstable)]
fn eager(builder: &mut Builder) {
    builder.enable_eager_driver_handoff();
}

#[cfg(not(tokio_unstable))]
fn eager(_builder: &mut Builder) {}

#[cfg(tokio_unstable)]
pub(crate) fn seeded(builder: &mut Builder, seed: u64) {
    builder.rng_seed(tokio::runtime::RngSeed::from_bytes(&seed.to_le_bytes()));
}

#[cfg(not(tokio_unstable))]
pub(crate) fn seeded(_builder: &mut Builder, _seed: u64) {}
