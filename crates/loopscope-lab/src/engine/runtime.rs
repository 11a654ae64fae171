//! The tokio runtime of a run: built, watched, driven on a thread of ours, and shut down.

use std::cell::Cell;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime, RuntimeMetrics};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use super::Extras;
use super::client::Command;
use super::server::{self, Incoming};
use super::stage::{Open, Stage};
use super::{further, gil, heartbeat, process, tasks};
use loopscope_probe::{
    Announcement, Recorder, Turns, console, metrics, set_thread_role, spawn, watch_with,
};
use loopscope_trace::{Flavor, Nanos, RuntimeShape, TaskRole, ThreadRole};

/// What the pool's threads get to end after a halt; they need microseconds.
pub(super) const SHUTDOWN: Duration = Duration::from_millis(40);

thread_local! {
    static RUN_THREAD: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread belongs to a run. A panic of such a thread belongs to the scenario: it is
/// told by an event, and a panic hook should stay silent about it.
pub fn is_run_thread() -> bool {
    RUN_THREAD.try_with(Cell::get).unwrap_or(false)
}

/// Marks this thread as one of a run, which does what `role` says.
pub(super) fn enter_run_thread(role: ThreadRole) {
    set_thread_role(role);
    RUN_THREAD.with(|flag| flag.set(true));
}

/// Marks a thread that tokio has started: the names that it was given tell workers from a pool.
fn enter_tokio_thread() {
    let named = |name: &str| name.starts_with("pool");
    enter_run_thread(match thread::current().name().is_some_and(named) {
        true => ThreadRole::Pool,
        false => ThreadRole::Loop,
    });
}

impl Counters {
    /// What several runtimes counted together.
    pub(super) const fn and(self, other: Self) -> Self {
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
    /// through the worker's LIFO slot as one, while its hooks tell each.
    pub polls: u64,
    /// Tasks that have not ended.
    pub alive: u64,
}

/// In which process a runtime stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the one and only, or in a child that works off jobs.
    Alone,
    /// In the parent of several copies of the server.
    Fleet,
    /// In one of these copies.
    Worker,
}

/// Builds the runtime.
pub(super) fn build(
    shape: &RuntimeShape,
    seed: u64,
    recorder: &Recorder,
    extras: Extras,
    place: Place,
    turns: Option<Arc<dyn Turns>>,
) -> io::Result<Runtime> {
    if place == Place::Fleet {
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
        // Whoever is woken by a client or a pool thread stands in a queue of its own, into which
        // tokio looks every 31st turn while others are ready. asyncio looks between any two.
        builder.global_queue_interval(1);
    }
    let started = AtomicUsize::new(0);
    builder
        .enable_time()
        .max_blocking_threads(shape.pool_threads.max(1) as usize)
        // A pool thread keeps its lane for the whole run, however long it idles.
        .thread_keep_alive(Duration::from_secs(86_400))
        // Like asyncio: look at the timers between any two turns.
        .event_interval(1)
        .thread_name_fn(move || {
            // tokio names its workers first, in `build`, and then the pool's threads.
            let number = started.fetch_add(1, Ordering::Relaxed);
            match number {
                0 if workers > 0 => "loop".to_owned(),
                number if number < workers => format!("loop-{}", number + 1),
                number => format!("pool-{}", number - workers + 1),
            }
        })
        .on_thread_start(enter_tokio_thread);
    if place == Place::Worker {
        builder.enable_io();
    }
    if shape.eager_driver_handoff {
        eager(&mut builder);
    }
    seeded(&mut builder, seed);
    watch_with(&mut builder, recorder, turns);
    if extras.metrics {
        metrics::count_turns(&mut builder);
    }
    // Its workers are nothing that the scenario asked for.
    let _hidden = console::hide();
    builder.build()
}

/// A worker that is about to poll hands the timers over to one that is idle.
#[cfg(tokio_unstable)]
fn eager(builder: &mut Builder) {
    builder.enable_eager_driver_handoff();
}

#[cfg(not(tokio_unstable))]
fn eager(_builder: &mut Builder) {}

#[cfg(tokio_unstable)]
pub(super) fn seeded(builder: &mut Builder, seed: u64) {
    builder.rng_seed(tokio::runtime::RngSeed::from_bytes(&seed.to_le_bytes()));
}

#[cfg(not(tokio_unstable))]
pub(super) fn seeded(_builder: &mut Builder, _seed: u64) {}

/// What the loop's thread is given.
pub(super) struct Drive {
    pub(super) stage: Arc<Stage>,
    pub(super) backlog: UnboundedReceiver<Incoming>,
    pub(super) clients: Sender<Command>,
    pub(super) halted: oneshot::Receiver<()>,
    /// The run itself, until its first tasks are there.
    pub(super) open: Open,
}

/// The body of the loop's thread: starts the run, drives it until it is halted, shuts it down
/// without waiting for more than [`SHUTDOWN`], and returns tokio's counters.
pub(super) fn drive(runtime: Runtime, drive: Drive) -> Counters {
    enter_run_thread(ThreadRole::Loop);
    let halted = drive.halted;
    let opening = Opening {
        backlog: Backlog::Here(drive.backlog),
        _open: drive.open,
    };
    if drive.stage.scenario.story.runtime.flavor == Flavor::MultiThread {
        // This thread polls nothing and has no lane, so the clients' thread spawns.
        let _ = drive.clients.send(Command::Open(opening));
        drop((drive.stage, drive.clients));
        let hidden = console::hide();
        runtime.block_on(async move {
            drop(hidden);
            drop(halted.await);
        });
    } else {
        let world = drive.stage.world.clone();
        further::sit(&drive.stage, 0);
        let hidden = console::hide();
        runtime.block_on(async move {
            // The root's own row has been hidden; its tasks' must not be.
            drop(hidden);
            opening.begin(&drive.stage);
            // The first turns are over before the first request.
            tokio::task::yield_now().await;
            let _ = drive.clients.send(Command::Begin);
            drop((drive.stage, drive.clients));
            further::until(world, 0, halted).await;
        });
    }
    let metrics = runtime.metrics();
    runtime.shutdown_timeout(SHUTDOWN);
    counters(&metrics)
}

/// What the first tasks are made of.
#[derive(Debug)]
pub(super) struct Opening {
    backlog: Backlog,
    _open: Open,
}

/// Where requests wait.
#[derive(Debug)]
pub(super) enum Backlog {
    /// In this process.
    Here(UnboundedReceiver<Incoming>),
    /// In the kernel, behind a door that several processes share.
    Door(OwnedFd),
}

impl Opening {
    /// What the first tasks of a process will be made of.
    pub(super) const fn new(backlog: Backlog, open: Open) -> Self {
        Self {
            backlog,
            _open: open,
        }
    }

    /// Time starts; the loop gets its first tasks.
    pub(super) fn begin(self, stage: &Arc<Stage>) {
        let (recorder, runtime) = (&stage.recorder, &stage.runtime);
        let story = &stage.scenario.story;
        recorder.start();
        if let Some(children) = &stage.children {
            children.begin();
        }
        if story.heartbeat > Nanos::ZERO {
            let own = Arc::clone(stage);
            let period = story.heartbeat;
            let announcement = Announcement {
                on: stage.thread_of(0),
                ..Announcement::new(TaskRole::Heartbeat, recorder.intern("heartbeat"))
            };
            let _ = spawn(recorder, runtime, announcement, "heartbeat", |me| {
                gil::polled(own.gil.clone(), heartbeat::beat(own, me, period))
            });
        }
        if story.is_server() {
            let own = Arc::clone(stage);
            let announcement = Announcement {
                on: stage.thread_of(0),
                ..Announcement::new(TaskRole::Accept, recorder.intern("accept"))
            };
            let gil = own.gil.clone();
            match self.backlog {
                Backlog::Here(backlog) => {
                    drop(spawn(recorder, runtime, announcement, "accept", |me| {
                        gil::polled(gil, server::accept(own, me, backlog))
                    }))
                }
                Backlog::Door(door) => {
                    drop(spawn(recorder, runtime, announcement, "accept", |me| {
                        gil::polled(gil, process::accept(own, me, door))
                    }))
                }
            }
        }
        for start in &stage.scenario.starts {
            if start.at == Nanos::ZERO {
                tasks::start(stage, start, stage.open.begin());
            }
        }
    }
}

#[cfg(tokio_unstable)]
pub(super) fn counters(metrics: &RuntimeMetrics) -> Counters {
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
pub(super) fn counters(metrics: &RuntimeMetrics) -> Counters {
    Counters {
        alive: metrics.num_alive_tasks() as u64,
        ..Counters::default()
    }
}
