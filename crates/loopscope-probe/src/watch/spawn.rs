//! Spawning a watched task: announced before tokio sees it, named for tokio-console.

use std::future::Future;
use std::panic::Location;
use std::sync::Arc;

use loopscope_trace::{EventKind, TaskRole};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::record::current::{self, Announcement};
use crate::record::recorder::Recorder;
use crate::watch::cell::TaskCell;
use crate::watch::traced::Traced;

/// Tells a task that has its id.
pub(crate) fn tell(recorder: &Recorder, announcement: &Announcement) {
    let task = announcement.task;
    recorder.record(EventKind::TaskSpawned {
        task,
        role: announcement.role,
        function: announcement.function,
        parent: announcement.parent,
        name: announcement.name,
    });
    if let Some(thread) = announcement.on.get() {
        recorder.record(EventKind::TaskOnLoop { task, thread });
    }
    if let Some(request) = announcement.request.get() {
        recorder.record(EventKind::RequestAccepted { request, task });
    }
}

/// Spawns `future` on the current runtime as [`tokio::spawn`] does, watched: the task is called by
/// the place of this call (`src/main.rs:17`), and its wakes tell their causes. The runtime must be
/// one that `recorder` [watches](crate::watch).
///
/// # Panics
/// Outside of a tokio runtime.
#[track_caller]
pub fn spawn_here<F>(recorder: &Recorder, future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let place = Location::caller();
    let announcement = Announcement {
        parent: current::task(),
        ..Announcement::new(TaskRole::Spawned, recorder.core.texts.place(place))
    };
    spawn(recorder, &Handle::current(), announcement, "task", |_| {
        future
    })
    .1
}

/// Puts the future that `make` returns on the runtime, wrapped and announced; `name` is what
/// tokio-console calls it. The runtime must be one that `recorder` [watches](crate::watch). Returns
/// the task's cell, by which others name it, and tokio's handle.
#[track_caller]
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
        let _ = current::announce(Some(announcement));
    } else {
        tell(recorder, &announcement);
    }
    let handle = put(runtime, name, future);
    let _ = current::announce(None);
    (cell, handle)
}

#[cfg(all(tokio_unstable, feature = "console"))]
#[track_caller]
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

#[cfg(not(all(tokio_unstable, feature = "console")))]
fn put<F>(runtime: &Handle, _name: &str, future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    runtime.spawn(future)
}
