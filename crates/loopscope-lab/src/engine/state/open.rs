//! What keeps a run going, and its end: of a server, as uvicorn does it (what is being served ends; the rest is
//! cancelled), and of a program, when its main returns (the rest is cancelled, jobs that run are waited for).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use loopscope_probe::TaskCell;
use loopscope_trace::{EndReason, TaskId, TaskRole, WakeCause};
use parking_lot::{Mutex, MutexGuard};
use tokio::task::AbortHandle;

use crate::engine::clock::participants::Signal;
use crate::scenario::model::scenario::Scenario;
use crate::scenario::model::step::Action;

/// Counts what the story has begun and not ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenCount(Arc<AtomicUsize>);

impl OpenCount {
    /// One more, until it is dropped.
    pub(crate) fn begin(&self) -> Open {
        self.0.fetch_add(1, Ordering::AcqRel);
        Open(Arc::clone(&self.0))
    }

    /// How many.
    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

/// Something that the story has begun; ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What keeps the run open for a task; not while the task waits for a value that only others can
/// send: they keep it open then.
#[derive(Debug)]
pub(crate) struct Token {
    count: OpenCount,
    open: Mutex<Option<Open>>,
}

impl Token {
    pub(crate) const fn new(count: OpenCount, open: Open) -> Self {
        Self {
            count,
            open: Mutex::new(Some(open)),
        }
    }

    /// Keeps nothing open until the answer is dropped.
    pub(crate) fn rest(&self) -> Resting<'_> {
        self.put(None);
        Resting(self)
    }

    fn put(&self, open: Option<Open>) {
        *self.open.lock() = open;
    }
}

/// A task that rests.
pub(crate) struct Resting<'a>(&'a Token);

impl Drop for Resting<'_> {
    fn drop(&mut self) {
        self.0.put(Some(self.0.count.begin()));
    }
}

/// What is served, what is not waited for, and whether the main of a program has returned.
#[derive(Debug, Default)]
pub(crate) struct Stopping {
    /// Whether what is on the loops may be cancelled at the end; else nothing is remembered.
    used: bool,
    /// Whether it is a program, which ends with its main.
    has_main: bool,
    main_returned: AtomicBool,
    on: AtomicBool,
    /// Nothing of the run is left that would be waited for.
    pub(crate) over: Signal,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    polite: bool,
    serving: usize,
    /// The task that stops it; it is not cancelled.
    by: Option<TaskId>,
    tasks: Vec<(Arc<TaskCell>, AbortHandle)>,
    /// With so many tasks those that have ended are forgotten.
    full: usize,
}

/// A request or a background task that a stop waits for, until it is dropped.
pub(crate) struct Serving(Arc<Stopping>);

impl Drop for Serving {
    fn drop(&mut self) {
        let mut inner = self.0.inner.lock();
        inner.serving -= 1;
        self.0.look(inner);
    }
}

impl Stopping {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let stops = scenario.has_step(|action| matches!(action, Action::Stop { .. }));
        let has_main = scenario.starts.iter().any(|start| start.is_main);
        Self {
            used: stops || has_main,
            has_main,
            ..Self::default()
        }
    }

    /// How the story has ended, where so many things are open and so many are still to begin: a program whose
    /// main waits, and nothing else is open, will wait for ever.
    pub(crate) fn ended(&self, open: usize, pending: usize) -> Option<EndReason> {
        if self.over.given() {
            return Some(EndReason::Finished);
        }
        let returned = self.has_main_returned();
        match (open, pending) {
            (0, _) if returned => Some(EndReason::Finished),
            (0, 0) if self.has_main => Some(EndReason::Limit),
            (0, 0) => Some(EndReason::Finished),
            _ => None,
        }
    }

    /// Whether the main of a program has returned.
    pub(crate) fn has_main_returned(&self) -> bool {
        self.main_returned.load(Ordering::Acquire)
    }

    /// Whether tasks are left besides this one, which would be cancelled if it were the last.
    pub(crate) fn has_others(&self, but: TaskId) -> bool {
        let inner = self.inner.lock();
        let mut tasks = inner.tasks.iter();
        tasks.any(|(cell, handle)| cell.id() != but && !handle.is_finished())
    }

    /// The main of a program returns: what else is on the loops is cancelled.
    pub(crate) fn main_returns(&self, main: TaskId) {
        let tasks = {
            let mut inner = self.inner.lock();
            self.main_returned.store(true, Ordering::Release);
            inner.by = Some(main);
            std::mem::take(&mut inner.tasks)
        };
        cancel(tasks, Some(main));
    }

    /// Whether the server takes no more requests.
    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Ordering::Acquire)
    }

    /// A task that a stop will cancel.
    pub(crate) fn remember(&self, role: TaskRole, cell: &Arc<TaskCell>, handle: AbortHandle) {
        if self.used && matches!(role, TaskRole::Spawned | TaskRole::Program) {
            let mut inner = self.inner.lock();
            let task = (Arc::clone(cell), handle);
            if self.has_main_returned() {
                let main = inner.by;
                drop(inner);
                return cancel(vec![task], main);
            }
            if inner.tasks.len() >= inner.full {
                inner.tasks.retain(|(_, handle)| !handle.is_finished());
                inner.full = 2 * inner.tasks.len() + 16;
            }
            inner.tasks.push(task);
        }
    }

    /// Something that a stop waits for.
    pub(crate) fn serve(self: &Arc<Self>) -> Serving {
        self.inner.lock().serving += 1;
        Serving(Arc::clone(self))
    }

    /// Stops the server; the task that does it is not cancelled.
    pub(crate) fn stop(&self, by: TaskId, polite: bool) {
        let mut inner = self.inner.lock();
        inner.polite = polite;
        inner.by = Some(by);
        self.on.store(true, Ordering::Release);
    }

    /// Once no request is served any more: created tasks are cancelled; a polite stop leaves pools as
    /// they are, an interrupt waits for their jobs.
    fn look(&self, mut inner: MutexGuard<'_, Inner>) {
        if !self.is_on() || inner.serving > 0 {
            return;
        }
        let tasks = std::mem::take(&mut inner.tasks);
        let (by, polite) = (inner.by, inner.polite);
        drop(inner);
        cancel(tasks, by);
        if polite {
            self.over.give();
        }
    }
}

/// Cancels tasks, but not the one that does it.
fn cancel(tasks: Vec<(Arc<TaskCell>, AbortHandle)>, by: Option<TaskId>) {
    for (cell, handle) in tasks {
        if !handle.is_finished() && Some(cell.id()) != by {
            cell.aborted(by.map_or(WakeCause::Unknown, WakeCause::Task));
            handle.abort();
        }
    }
}
