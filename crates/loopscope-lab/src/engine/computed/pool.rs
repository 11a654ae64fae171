//! Pools in computed time: their threads are real, and which of them takes a job is decided.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use super::{Actor, World};
use crate::engine::host::Job;
use loopscope_trace::ThreadRole;

use crate::engine::runtime::enter_run_thread;

/// A pool's threads and queue.
#[derive(Debug, Default)]
pub(super) struct Pool {
    name: String,
    most: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    threads: BTreeMap<usize, (Actor, Sender<Arc<Slot>>)>,
    idle: BTreeSet<usize>,
    queue: VecDeque<Arc<Slot>>,
}

/// A job that waits for a thread, or has one.
struct Slot {
    job: Mutex<Option<Job>>,
    done: Mutex<Option<oneshot::Sender<()>>>,
    over: AtomicBool,
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Slot")
    }
}

/// A job that was handed to a pool.
#[derive(Debug)]
pub(in crate::engine) struct Ticket {
    slot: Arc<Slot>,
    done: oneshot::Receiver<()>,
}

impl Ticket {
    /// Whether it has ended.
    pub(in crate::engine) fn is_finished(&self) -> bool {
        self.slot.over.load(Ordering::Acquire)
    }

    /// Takes it out of the queue; one that runs runs on.
    pub(in crate::engine) fn abort(&self) {
        if let Some(job) = take(&self.slot.job) {
            drop(job);
            self.slot.end();
        }
    }

    /// Waits for its end.
    pub(in crate::engine) async fn wait(self) {
        let _ = self.done.await;
    }
}

impl Slot {
    fn end(&self) {
        self.over.store(true, Ordering::Release);
        if let Some(done) = take(&self.done) {
            // Nobody may be waiting.
            let _ = done.send(());
        }
    }

    fn run(&self) {
        if let Some(job) = take(&self.job) {
            // A job that panics has told its end; its thread lives on, as tokio's does.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
            self.end();
        }
    }
}

fn take<T>(place: &Mutex<Option<T>>) -> Option<T> {
    place.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl Pool {
    /// A pool whose threads are called `name-1`, `name-2` …
    pub(super) fn new(name: &str, most: u32) -> Self {
        Self {
            name: name.to_owned(),
            most: most.max(1) as usize,
            inner: Mutex::default(),
        }
    }

    /// Hands a job to the free thread with the lowest number, to a new one, or to the queue.
    pub(super) fn run(self: &Arc<Self>, world: &Arc<World>, job: Job) -> Option<Ticket> {
        let (sender, done) = oneshot::channel();
        let slot = Arc::new(Slot {
            job: Mutex::new(Some(job)),
            done: Mutex::new(Some(sender)),
            over: AtomicBool::new(false),
        });
        let ticket = Ticket {
            slot: Arc::clone(&slot),
            done,
        };
        let mut inner = self.inner();
        if let Some(number) = inner.idle.pop_first() {
            if let Some((actor, thread)) = inner.threads.get(&number) {
                world.rouse(*actor);
                let _ = thread.send(slot);
            }
        } else if inner.threads.len() < self.most {
            self.begin(world, &mut inner, slot).ok()?;
        } else {
            inner.queue.push_back(slot);
        }
        Some(ticket)
    }

    fn begin(
        self: &Arc<Self>,
        world: &Arc<World>,
        inner: &mut Inner,
        first: Arc<Slot>,
    ) -> io::Result<()> {
        let number = inner.threads.len() + 1;
        let (sender, slots) = channel::<Arc<Slot>>();
        let _ = sender.send(first);
        let actor = world.add();
        let (pool, own) = (Arc::downgrade(self), Arc::clone(world));
        let begun = thread::Builder::new()
            .name(format!("{}-{number}", self.name))
            .spawn(move || {
                enter_run_thread(ThreadRole::Pool);
                while let Ok(slot) = slots.recv() {
                    own.sit(actor);
                    slot.run();
                    let Some(pool) = pool.upgrade() else { return };
                    while let Some(next) = pool.after(number) {
                        next.run();
                    }
                    drop(pool);
                    own.leave();
                }
            });
        if let Err(error) = begun {
            world.forget(actor);
            return Err(error);
        }
        inner.threads.insert(number, (actor, sender));
        Ok(())
    }

    /// Drops what is queued, and lets the threads end.
    pub(super) fn close(&self) {
        let (queue, threads) = {
            let mut inner = self.inner();
            (
                std::mem::take(&mut inner.queue),
                std::mem::take(&mut inner.threads),
            )
        };
        drop((queue, threads));
    }

    /// What a thread does next; without a job it is free.
    fn after(&self, number: usize) -> Option<Arc<Slot>> {
        let mut inner = self.inner();
        let next = inner.queue.pop_front();
        if next.is_none() {
            inner.idle.insert(number);
        }
        next
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
