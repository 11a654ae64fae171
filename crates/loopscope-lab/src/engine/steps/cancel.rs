//! A spawned task, and what becomes of it where its waiter is cancelled.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use loopscope_probe::TaskCell;
use loopscope_trace::{WaitOn, WakeCause};
use parking_lot::Mutex;
use tokio::task::JoinHandle;

use crate::engine::steps::job::{End, nothing};
use crate::engine::steps::lost::Holder;

/// Tasks that were cancelled with a task, because it was waiting for them.
pub(crate) type Cancelled = Arc<Mutex<Vec<Spawned>>>;

/// A task that was put on a loop.
pub(crate) struct Spawned {
    pub(crate) cell: Arc<TaskCell>,
    pub(crate) handle: JoinHandle<End>,
    /// What was cancelled with it.
    pub(crate) cancelled: Cancelled,
    /// Its drop records an error that no task has asked for.
    pub(crate) holder: Holder,
}

impl Spawned {
    /// Aborts it at its await.
    pub(crate) fn abort(&self, by: WakeCause) {
        if !self.handle.is_finished() {
            self.cell.aborted(by);
            self.handle.abort();
        }
    }
}

/// Waits for a task; where it is dropped before that has ended, it may cancel it.
pub(crate) struct Awaited {
    task: Option<Spawned>,
    /// Whether it does, on whose behalf, and where the waiter finds it then.
    with: Option<(WakeCause, Cancelled)>,
}

impl Awaited {
    /// Waits for `task`, and cancels it `with` a waiter that is cancelled.
    pub(crate) const fn new(task: Spawned, with: Option<(WakeCause, Cancelled)>) -> Self {
        let task = Some(task);
        Self { task, with }
    }

    /// What it waits for; nothing that has ended.
    pub(crate) fn on(&self) -> Option<WaitOn> {
        let task = self.task.as_ref()?;
        (!task.handle.is_finished()).then(|| WaitOn::Task(task.cell.id()))
    }
}

impl Awaited {
    /// Aborts it at its await; its end can still be waited for.
    pub(crate) fn abort(&self, by: WakeCause) {
        if let Some(task) = &self.task {
            task.abort(by);
        }
    }

    /// Leaves it running, and asks for nothing of it any more.
    pub(crate) fn leave(mut self) {
        self.with = None;
        if let Some(task) = &self.task {
            task.holder.asked();
        }
    }
}

impl Future for Awaited {
    type Output = (End, Cancelled);

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let Some(task) = &mut this.task else {
            return Poll::Pending;
        };
        let Poll::Ready(result) = Pin::new(&mut task.handle).poll(context) else {
            return Poll::Pending;
        };
        let cancelled = Arc::clone(&task.cancelled);
        task.holder.asked();
        this.task = None;
        // A panic of the other is recorded by its own end, and leaves this alone.
        Poll::Ready((result.unwrap_or_else(|_| Ok(nothing())), cancelled))
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        let (Some(task), Some((by, cancelled))) = (self.task.take(), self.with.take()) else {
            return;
        };
        if !task.handle.is_finished() {
            task.abort(by);
            cancelled.lock().push(task);
        }
    }
}

/// Waits until all that was cancelled with a task has ended, and what was cancelled with that: a cancelled task
/// is left by its waiter only once it has let go of what it holds.
pub(crate) async fn settle(cancelled: Cancelled, mut waits_for: impl FnMut(WaitOn)) {
    let mut lists = vec![cancelled];
    while let Some(list) = lists.pop() {
        let tasks = std::mem::take(&mut *list.lock());
        for task in tasks {
            let awaited = Awaited::new(task, None);
            if let Some(on) = awaited.on() {
                waits_for(on);
            }
            lists.push(awaited.await.1);
        }
    }
}
