//! Loops besides the first one, each on a thread of its own, and pools besides the default one.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;

use super::computed::World;
use super::runtime::{Counters, SHUTDOWN, counters, enter_run_thread, seeded};
use super::stage::Stage;
use loopscope_probe::{Recorder, Turns, console, watch_with};
use loopscope_trace::{Flavor, NamedPool, Story, ThreadRole};

/// Further runtimes, built and not yet driven.
#[derive(Debug, Default)]
pub(super) struct Further {
    loops: Vec<Runtime>,
    pools: Vec<Runtime>,
}

/// Further runtimes that are driven.
#[derive(Debug, Default)]
pub(super) struct Driven {
    threads: Vec<(oneshot::Sender<()>, JoinHandle<Counters>)>,
    pools: Vec<Runtime>,
}

impl Further {
    /// What the story has besides the first loop and the default pool.
    pub(super) fn build(
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

    pub(super) fn loops(&self) -> impl Iterator<Item = Handle> {
        self.loops.iter().map(|runtime| runtime.handle().clone())
    }

    pub(super) fn pools(&self) -> impl Iterator<Item = Handle> {
        self.pools.iter().map(|runtime| runtime.handle().clone())
    }

    /// Gives each further loop its thread, and waits until it has taken its place.
    pub(super) fn drive(self, stage: &Arc<Stage>) -> io::Result<Driven> {
        let workers = match stage.scenario.story.runtime.flavor {
            Flavor::CurrentThread => 1,
            Flavor::MultiThread => stage.scenario.story.runtime.worker_threads.max(1) as usize,
        };
        let mut driven = Driven {
            threads: Vec::new(),
            pools: self.pools,
        };
        for (place, runtime) in self.loops.into_iter().enumerate() {
            let (halt, halted) = oneshot::channel();
            let (ready, seated) = mpsc::channel();
            let own = Arc::clone(stage);
            let thread = thread::Builder::new()
                .name(format!("loop-{}", workers + place + 1))
                .spawn(move || {
                    enter_run_thread(ThreadRole::Loop);
                    sit(&own, place + 1);
                    let _ = ready.send(());
                    let world = own.world.clone();
                    drop(own);
                    drive(runtime, world, place + 1, halted)
                })?;
            let _ = seated.recv();
            driven.threads.push((halt, thread));
        }
        Ok(driven)
    }
}

impl Driven {
    /// Ends all; the run has been halted. What tokio counted in the loops.
    pub(super) fn end(self) -> Vec<Counters> {
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
pub(super) fn sit(stage: &Stage, place: usize) {
    if let Some(world) = &stage.world {
        world.sit(place);
    }
    if stage.loops.len() > 1
        && let Some(own) = stage.loops.get(place)
    {
        let _ = own.thread.set(stage.recorder.thread());
    }
}

/// The root of a loop: waits until the run is halted; in computed time it shows up when asked.
pub(super) async fn until(
    world: Option<Arc<World>>,
    place: usize,
    mut halted: oneshot::Receiver<()>,
) {
    let _ = poll_fn(|context| {
        if let Some(world) = &world {
            world.pulse(place, context.waker());
        }
        Pin::new(&mut halted).poll(context)
    })
    .await;
}

fn drive(
    runtime: Runtime,
    world: Option<Arc<World>>,
    place: usize,
    halted: oneshot::Receiver<()>,
) -> Counters {
    let hidden = console::hide();
    runtime.block_on(async move {
        // The root's own row has been hidden; its tasks' must not be.
        drop(hidden);
        until(world, place, halted).await;
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

/// A pool of so many threads: a runtime whose loop nobody drives.
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
        .on_thread_start(|| enter_run_thread(ThreadRole::Pool))
        .build()
}
