//! Spawning a watched task: announced before tokio sees it, named for tokio-console.

use std::future::Future;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::{Recorder, TaskCell, Traced, local};
use loopscope_trace::{EventKind, RequestId, TaskId, TaskRole, TextId, ThreadId};

/// What is known of a task before it is spawned.
#[derive(Clone, Copy, Debug)]
pub struct Announcement {
    /// What the task is for.
    pub role: TaskRole,
    /// The function that it runs, or [`EventKind::NO_FUNCTION`].
    pub function: u16,
    /// Who spawns it; may be NONE.
    pub parent: TaskId,
    /// Its name.
    pub name: TextId,
    /// The request that it serves from now on; may be NONE.
    pub request: RequestId,
    /// The thread of the loop that it runs on, where there is more than one; else NONE.
    pub on: ThreadId,
    /// Its provisional id; [`spawn`] gives it.
    pub task: TaskId,
}

impl Announcement {
    /// A task of `role` with nothing else known.
    pub const fn new(role: TaskRole, name: TextId) -> Self {
        Self {
            role,
            function: EventKind::NO_FUNCTION,
            parent: TaskId::NONE,
            name,
            request: RequestId::NONE,
            on: ThreadId::NONE,
            task: TaskId::NONE,
        }
    }

    pub(super) fn tell(self, recorder: &Recorder) {
        recorder.record(EventKind::TaskSpawned {
            task: self.task,
            role: self.role,
            function: self.function,
            parent: self.parent,
            name: self.name,
        });
        if let Some(thread) = self.on.get() {
            recorder.record(EventKind::TaskOnLoop {
                task: self.task,
                thread,
            });
        }
        if self.request.get().is_some() {
            recorder.record(EventKind::RequestAccepted {
                request: self.request,
                task: self.task,
            });
        }
    }
}

/// Puts the future that `make` returns on the runtime, wrapped and announced. Returns the task's
/// cell, by which others name it, and tokio's handle.
pub fn spawn<F>(
    recorder: &Recorder,
    runtime: &Handle,
    mut announcement: Announcement,
    name: &str,
    make: impl FnOnce(Arc<TaskCell>) -> F,
) -> (Arc<TaskCell>, JoinHandle<F::Output>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    announcement.task = recorder.new_task();
    let cell = Arc::new(TaskCell::new(recorder.clone(), announcement.task));
    let future = Traced::new(Arc::clone(&cell), make(Arc::clone(&cell)));
    if recorder.hooks() {
        // The hook runs inside the spawn, after tokio has given its id and before any thread can
        // poll the task, so that no event of the task can precede its spawn.
        let _ = local::announce(Some(announcement));
    } else {
        announcement.tell(recorder);
    }
    let handle = put(runtime, name, future);
    let _ = local::announce(None);
    (cell, handle)
}

#[cfg(tokio_unstable)]
fn put<F>(runtime: &Handle, name: &str, future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    // Fails nowhere but in name: the builder returns a Result for the sake of later kinds.
    match tokio::task::Builder::new()
        .name(name)
        .spawn_on(future, runtime)
    {
        Ok(handle) => handle,
        Err(error) => unreachable!("a named spawn cannot fail: {error}"),
    }
}

#[cfg(not(tokio_unstable))]
fn put<F>(runtime: &Handle, _name: &str, future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    runtime.spawn(future)
}

/// The spawn hook: tells the announced task, or one that nobody announced.
#[cfg(tokio_unstable)]
pub(super) fn bind(recorder: &Recorder, tokio: u32) {
    use super::record::Fact;

    let announcement = local::announce(None).unwrap_or_else(|| Announcement {
        parent: local::current(),
        task: recorder.new_task(),
        ..Announcement::new(TaskRole::Spawned, recorder.intern("task"))
    });
    announcement.tell(recorder);
    let task = announcement.task;
    recorder.note(|| Fact::Bound { task, tokio });
}
