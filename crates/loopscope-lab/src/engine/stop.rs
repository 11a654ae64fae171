//! The server is stopped, as uvicorn does it: what is being served ends; the rest does not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::{AbortHandle, JoinHandle};

use super::cx::Cx;
use super::signal::Signal;
use super::stage::Stage;
use crate::scenario::{Action, Scenario, Value};
use loopscope_probe::TaskCell;
use loopscope_trace::{EventKind, TaskId, TaskRole, WakeCause};

/// Who is served, and who is not waited for.
#[derive(Debug, Default)]
pub(super) struct Stopping {
    /// Whether the scenario has a step that stops the server; else nothing is remembered.
    used: bool,
    on: AtomicBool,
    /// Nothing of the run is left that would be waited for.
    pub(super) over: Arc<Signal>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    polite: bool,
    serving: usize,
    /// Who stops it; its own task is not cancelled.
    by: Option<TaskId>,
    tasks: Vec<(Arc<TaskCell>, AbortHandle)>,
}

/// A request or a background task that a stop waits for, until it is dropped.
pub(super) struct Serving(Arc<Stage>);

impl Drop for Serving {
    fn drop(&mut self) {
        let stage = &self.0;
        let mut inner = stage.stopping.inner();
        inner.serving -= 1;
        stage.stopping.look(inner);
    }
}

impl Stopping {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let used = scenario.has_step(|action| matches!(action, Action::Stop { .. }));
        Self {
            used,
            ..Self::default()
        }
    }

    /// Whether the server takes no more requests.
    pub(super) fn is_on(&self) -> bool {
        self.on.load(Ordering::Acquire)
    }

    /// A task that a stop will cancel.
    pub(super) fn remember(
        &self,
        role: TaskRole,
        cell: &Arc<TaskCell>,
        handle: &JoinHandle<Value>,
    ) {
        if self.used && matches!(role, TaskRole::Spawned | TaskRole::Program) {
            let mut inner = self.inner();
            inner.tasks.retain(|(_, handle)| !handle.is_finished());
            inner.tasks.push((Arc::clone(cell), handle.abort_handle()));
        }
    }

    /// Once nobody is served any more: created tasks are cancelled; a polite stop leaves pools as
    /// they are, an interrupt waits for their jobs.
    fn look(&self, mut inner: MutexGuard<'_, Inner>) {
        if !self.is_on() || inner.serving > 0 {
            return;
        }
        let tasks = std::mem::take(&mut inner.tasks);
        let (by, polite) = (inner.by, inner.polite);
        drop(inner);
        for (cell, handle) in tasks {
            if !handle.is_finished() && Some(cell.id()) != by {
                cell.aborted(WakeCause::Unknown);
                handle.abort();
            }
        }
        if polite {
            self.over.give();
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stage {
    /// Something that a stop waits for.
    pub(super) fn serve(self: &Arc<Self>) -> Serving {
        self.stopping.inner().serving += 1;
        Serving(Arc::clone(self))
    }
}

impl Cx {
    /// Stops the server. Whoever does it goes on to the end.
    pub(super) fn stop(&self, polite: bool) {
        let stage = &self.stage;
        self.serving.get_or_init(|| stage.serve());
        stage.recorder.record(EventKind::ServerStopping { polite });
        let mut inner = stage.stopping.inner();
        inner.polite = polite;
        inner.by = Some(self.me());
        stage.stopping.on.store(true, Ordering::Release);
    }
}
