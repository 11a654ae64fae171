//! Loops besides the first one, each on a thread of its own, and pools besides the default one.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use std::{io, thread};

use loopscope_probe::{Recorder, Turns, console, set_thread_role, watch_with};
use loopscope_trace::{Flavor, NamedPool, Story, ThreadRole};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;

use crate::engine::clock::real_timers;
use crate::engine::clock::virtual_clock::VirtualClock;
use crate::engine::run::runtime::{Counters, SHUTDOWN, counters, seeded};
use crate::engine::state::run_state::RunState;

/// The further loops and pools, built and not yet driven.
#[derive(Debug, Default)]
pub(crate) struct Loops {
    loops: Vec<Runtime>,
    pools: Vec<Runtime>,
}

/// The further loops and pools, driven.
#[derive(Debug, Default)]
pub(crate) struct DrivenLoops {
    threads: Vec<(oneshot::Sender<()>, JoinHandle<Counters>)>,
    pools: Vec<Runtime>,
}

impl Loops {
    /// What the story has besides the first loop and the default pool.
    pub(crate) fn build(
        story: &Story,
        seed: u64,
        recorder: &Recorder,
        turns: impl Fn(usize) -> Option<Arc<dyn Turns>>,
    ) -> io::Result<Self> {
        let _hidden = console::hide();
        let loops = (1..=story.loops.len()).map(|place| own_loop(seed, recorder, turns(place)));
        Ok(Self {
            loops: loops.collect::<io::Result<_>>()?,
            pools: story.pools.iter().map(pool).collect::<io::Result<_>>()?,
        })
    }

    /// The loops, in file order.
    pub(crate) fn handles(&self) -> impl Iterator<Item = Handle> {
        self.loops.iter().map(|runtime| runtime.handle().clone())
    }

    /// The pools, in file order.
    pub(crate) fn pools(&self) -> impl Iterator<Item = Handle> {
        self.pools.iter().map(|runtime| runtime.handle().clone())
    }

    /// Gives each further loop its thread, and waits until it has taken its place.
    pub(crate) fn drive(self, state: &Arc<RunState>) -> io::Result<DrivenLoops> {
        let workers = match state.scenario.story.runtime.flavor {
            Flavor::CurrentThread => 1,
            Flavor::MultiThread => state.scenario.story.runtime.worker_threads.max(1) as usize,
        };
        let mut driven = DrivenLoops {
            threads: Vec::new(),
            pools: self.pools,
        };
        for (place, runtime) in self.loops.into_iter().enumerate() {
            let (halt, halted) = oneshot::channel();
            let (ready, is_ready) = mpsc::channel();
            let own = Arc::clone(state);
            let thread = thread::Builder::new()
                .name(format!("loop-{}", workers + place + 1))
                .spawn(move || {
                    set_thread_role(ThreadRole::Loop);
                    take_place(&own, place + 1);
                    let _ = ready.send(());
                    let clock = own.clock.clone();
                    drop(own);
                    drive(runtime, clock, place + 1, halted)
                })?;
            let _ = is_ready.recv();
            driven.threads.push((halt, thread));
        }
        Ok(driven)
    }
}

impl DrivenLoops {
    /// Ends all; the run has been halted. What tokio counted in the loops.
    pub(crate) fn end(self) -> Vec<Counters> {
        let mut threads = Vec::new();
        for (halt, thread) in self.threads {
            let _ = halt.send(());
            threads.push(thread);
        }
        for pool in self.pools {
            pool.shutdown_timeout(SHUTDOWN);
        }
        let counted = threads.into_iter().map(|thread| thread.join());
        counted.map(Result::unwrap_or_default).collect()
    }
}

/// This thread is the loop at `place`, where there are several loops.
pub(crate) fn take_place(state: &RunState, place: usize) {
    real_timers::take_place(place);
    if let Some(clock) = &state.clock {
        clock.join(place);
    }
    if state.loops.len() > 1
        && let Some(own) = state.loops.get(place)
    {
        let _ = own.thread.set(state.recorder.thread());
    }
}

/// The root of a loop: waits until the run is halted; in computed time it wakes when asked.
pub(crate) async fn until(
    clock: Option<Arc<VirtualClock>>,
    place: usize,
    mut halted: oneshot::Receiver<()>,
) {
    let _ = poll_fn(|context| {
        if let Some(clock) = &clock {
            clock.keep_waker(place, context.waker());
        }
        Pin::new(&mut halted).poll(context)
    })
    .await;
}

fn drive(
    runtime: Runtime,
    clock: Option<Arc<VirtualClock>>,
    place: usize,
    halted: oneshot::Receiver<()>,
) -> Counters {
    let hidden = console::hide();
    runtime.block_on(async move {
        // The root's own row has been hidden; its tasks' must not be.
        drop(hidden);
        until(clock, place, halted).await;
    });
    let metrics = runtime.metrics();
    runtime.shutdown_timeout(SHUTDOWN);
    counters(&metrics)
}

fn own_loop(seed: u64, recorder: &Recorder, turns: Option<Arc<dyn Turns>>) -> io::Result<Runtime> {
    let mut builder = Builder::new_current_thread();
    builder
        .enable_time()
        // As the first loop: look at timers and at other threads' wakes between any two turns.
        .event_interval(1)
        .global_queue_interval(1);
    seeded(&mut builder, seed);
    watch_with(&mut builder, recorder, turns);
    builder.build()
}

/// A pool of threads: a runtime whose loop is not driven.
fn pool(pool: &NamedPool) -> io::Result<Runtime> {
    let started = AtomicUsize::new(0);
    let name = pool.name.clone();
    Builder::new_current_thread()
        .max_blocking_threads(pool.threads.max(1) as usize)
        .thread_keep_alive(Duration::from_secs(86_400))
        .thread_name_fn(move || {
            let number = started.fetch_add(1, Ordering::Relaxed) + 1;
            format!("pool {name}-{number}")
        })
        .on_thread_start(|| set_thread_role(ThreadRole::Pool))
        .build()
}
