//! What a thread is doing: its role, the task that it polls, the job that it runs, and the spawn
//! that it is about to make. One place a thread, whatever recorders there are.

use std::cell::Cell;

use loopscope_trace::{
    EventKind, JobId, RequestId, TaskId, TaskRole, TextId, ThreadId, ThreadRole,
};

/// What is known of a task before it is spawned.
#[derive(Clone, Copy, Debug)]
pub struct Announcement {
    /// What the task is for.
    pub role: TaskRole,
    /// The function that it runs, or [`EventKind::NO_FUNCTION`].
    pub function: u16,
    /// The task that spawns it; may be NONE.
    pub parent: TaskId,
    /// Its name.
    pub name: TextId,
    /// The request that it serves from now on; may be NONE.
    pub request: RequestId,
    /// The thread of the loop that it runs on, where there is more than one; else NONE.
    pub on: ThreadId,
    /// Its provisional id; [`spawn`](crate::spawn) gives it.
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
}

thread_local! {
    static ROLE: Cell<Option<ThreadRole>> = const { Cell::new(None) };
    static TASK: Cell<TaskId> = const { Cell::new(TaskId::NONE) };
    static JOB: Cell<JobId> = const { Cell::new(JobId::NONE) };
    static LAST_ENDED: Cell<TaskId> = const { Cell::new(TaskId::NONE) };
    static ANNOUNCED: Cell<Option<Announcement>> = const { Cell::new(None) };
}

/// Says what this thread does. Call it before anything is noted on the thread: first in a thread's
/// body, or from [`Builder::on_thread_start`](tokio::runtime::Builder::on_thread_start). A thread
/// without a role counts as one that polls tasks, until it runs a job.
pub fn set_thread_role(role: ThreadRole) {
    let _ = ROLE.try_with(|own| own.set(Some(role)));
}

/// The role that this thread was given.
pub(crate) fn thread_role() -> Option<ThreadRole> {
    ROLE.try_with(Cell::get).ok().flatten()
}

/// The task that this thread polls, as far as wrappers know.
pub(crate) fn task() -> TaskId {
    TASK.try_with(Cell::get).unwrap_or(TaskId::NONE)
}

/// Sets the task that this thread polls, and returns the one before.
#[inline]
pub(crate) fn set_task(task: TaskId) -> TaskId {
    TASK.try_with(|current| current.replace(task))
        .unwrap_or(TaskId::NONE)
}

/// The job that this thread runs, or has run last: tokio wakes those who wait for a job after the
/// job's body has returned.
pub(crate) fn job() -> JobId {
    JOB.try_with(Cell::get).unwrap_or(JobId::NONE)
}

pub(crate) fn set_job(job: JobId) {
    let _ = JOB.try_with(|current| current.set(job));
}

/// The wrapped task that was dropped last on this thread: tokio wakes those who wait for a task
/// right after it has dropped the task's future, on the same thread.
pub(crate) fn last_ended() -> TaskId {
    LAST_ENDED.try_with(Cell::get).unwrap_or(TaskId::NONE)
}

pub(crate) fn set_last_ended(task: TaskId) {
    let _ = LAST_ENDED.try_with(|last| last.set(task));
}

/// What the spawn hook should tell of the task that this thread is about to spawn; returns what
/// was announced before.
pub(crate) fn announce(announcement: Option<Announcement>) -> Option<Announcement> {
    ANNOUNCED
        .try_with(|announced| announced.replace(announcement))
        .ok()
        .flatten()
}
