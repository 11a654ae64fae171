//! Thread pools in computed time: their threads are real, and which of them takes a job is decided.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::{io, thread};

use loopscope_probe::set_thread_role;
use loopscope_trace::ThreadRole;
use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::engine::clock::participants::Actor;
use crate::engine::clock::pool_threads::{Begin, Job};
use crate::engine::clock::virtual_clock::VirtualClock;

/// A pool's threads and queue.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    name: String,
    most: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    threads: BTreeMap<usize, (Actor, Sender<Arc<QueuedJob>>)>,
    idle: BTreeSet<usize>,
    queue: VecDeque<Arc<QueuedJob>>,
}

/// A job that waits for a thread, or has one.
struct QueuedJob {
    job: Mutex<Option<Job>>,
    done: Mutex<Option<oneshot::Sender<()>>>,
    over: AtomicBool,
}

impl std::fmt::Debug for QueuedJob {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("QueuedJob")
    }
}

/// A job that was handed to a pool.
#[derive(Debug)]
pub(crate) struct VirtualHandle {
    queued: Arc<QueuedJob>,
    done: oneshot::Receiver<()>,
}

impl VirtualHandle {
    /// Whether it has ended.
    pub(crate) fn is_finished(&self) -> bool {
        self.queued.over.load(Ordering::Acquire)
    }

    /// Takes it out of the queue; one that runs runs on.
    pub(crate) fn abort(&self) {
        if let Some(job) = take(&self.queued.job) {
            drop(job);
            self.queued.end();
        }
    }

    /// Waits for its end.
    pub(crate) async fn wait(&mut self) {
        let _ = (&mut self.done).await;
    }
}

impl QueuedJob {
    fn end(&self) {
        self.over.store(true, Ordering::Release);
        if let Some(done) = take(&self.done) {
            // Perhaps no task waits.
            let _ = done.send(());
        }
    }

    fn run(&self) {
        if let Some(job) = take(&self.job) {
            // A job that panics has recorded its end; its thread lives on, as tokio's does.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
            self.end();
        }
    }
}

fn take<T>(place: &Mutex<Option<T>>) -> Option<T> {
    place.lock().take()
}

impl Pool {
    /// A pool whose threads are called `name-1`, `name-2` …
    pub(crate) fn new(name: &str, most: u32) -> Self {
        Self {
            name: name.to_owned(),
            most: most.max(1) as usize,
            inner: Mutex::default(),
        }
    }

    /// Hands a job to the free thread with the lowest number, to a new one, or to the queue; whether a new
    /// one begins. That does `begin` first.
    pub(crate) fn run(
        self: &Arc<Self>,
        clock: &Arc<VirtualClock>,
        job: Job,
        begin: Option<Begin>,
    ) -> Option<(VirtualHandle, bool)> {
        let (sender, done) = oneshot::channel();
        let queued = Arc::new(QueuedJob {
            job: Mutex::new(Some(job)),
            done: Mutex::new(Some(sender)),
            over: AtomicBool::new(false),
        });
        let handle = VirtualHandle {
            queued: Arc::clone(&queued),
            done,
        };
        let mut inner = self.inner.lock();
        let mut begins = false;
        if let Some(number) = inner.idle.pop_first() {
            if let Some((actor, thread)) = inner.threads.get(&number) {
                clock.make_ready(*actor);
                let _ = thread.send(queued);
            }
        } else if inner.threads.len() < self.most {
            self.begin(clock, &mut inner, queued, begin).ok()?;
            begins = true;
        } else {
            inner.queue.push_back(queued);
        }
        Some((handle, begins))
    }

    fn begin(
        self: &Arc<Self>,
        clock: &Arc<VirtualClock>,
        inner: &mut Inner,
        first: Arc<QueuedJob>,
        mut begin: Option<Begin>,
    ) -> io::Result<()> {
        let number = inner.threads.len() + 1;
        let (sender, jobs) = channel::<Arc<QueuedJob>>();
        let _ = sender.send(first);
        let actor = clock.add();
        let (pool, own) = (Arc::downgrade(self), Arc::clone(clock));
        let begun = thread::Builder::new()
            .name(format!("{}-{number}", self.name))
            .spawn(move || {
                set_thread_role(ThreadRole::Pool);
                while let Ok(queued) = jobs.recv() {
                    own.join(actor);
                    if let Some(begin) = begin.take() {
                        begin.pass();
                    }
                    queued.run();
                    let Some(pool) = pool.upgrade() else { return };
                    while let Some(next) = pool.after(number) {
                        next.run();
                    }
                    drop(pool);
                    own.leave();
                }
            });
        if let Err(error) = begun {
            clock.remove(actor);
            return Err(error);
        }
        inner.threads.insert(number, (actor, sender));
        Ok(())
    }

    /// Drops what is queued, and lets the threads end.
    pub(crate) fn close(&self) {
        let (queue, threads) = {
            let mut inner = self.inner.lock();
            (
                std::mem::take(&mut inner.queue),
                std::mem::take(&mut inner.threads),
            )
        };
        drop((queue, threads));
    }

    /// What a thread does next; without a job it is free.
    fn after(&self, number: usize) -> Option<Arc<QueuedJob>> {
        let mut inner = self.inner.lock();
        let next = inner.queue.pop_front();
        if next.is_none() {
            inner.idle.insert(number);
        }
        next
    }
}
