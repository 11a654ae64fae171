//! Who runs a body: a task or a job, on which loop, and for which request.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use super::server::Reply;
use super::stage::{Stage, Token};
use super::stop::Serving;
use loopscope_probe::TaskCell;
use loopscope_trace::{Actor, JobId, Nanos, TaskId, WaitOn, WakeCause};

/// Whose body runs, and for which request.
pub(super) struct Cx {
    pub(super) stage: Arc<Stage>,
    pub(super) who: Who,
    pub(super) name: Arc<str>,
    pub(super) reply: Option<Arc<Reply>>,
    /// The place of the loop that it runs on, or that its task runs on.
    pub(super) on: usize,
    /// Keeps the run open; absent in a branch.
    pub(super) token: Option<Token>,
    /// Holds up a stop of the server.
    pub(super) serving: OnceLock<Serving>,
    /// Whether it stands still after each piece of an answer.
    pub(super) streams: bool,
}

/// A task or a job.
pub(super) enum Who {
    /// A task on a loop.
    Task(Arc<TaskCell>),
    /// A job on the pool, and the task that queued it. A generator is another job with each piece.
    Job(AtomicU32, TaskId),
}

impl Cx {
    /// For a task on the loop at `on`.
    pub(super) fn for_task(
        stage: Arc<Stage>,
        me: Arc<TaskCell>,
        name: &str,
        reply: Option<Arc<Reply>>,
        on: usize,
    ) -> Self {
        Self {
            stage,
            who: Who::Task(me),
            name: name.into(),
            reply,
            on,
            token: None,
            serving: OnceLock::new(),
            streams: false,
        }
    }

    /// For a job that somebody else has queued, on this thread.
    pub(super) fn for_guest(stage: Arc<Stage>, job: JobId, parent: TaskId, name: &str) -> Self {
        Self {
            stage,
            who: Who::Job(AtomicU32::new(job.0), parent),
            name: name.into(),
            reply: None,
            on: 0,
            token: None,
            serving: OnceLock::new(),
            streams: false,
        }
    }

    /// For a job that this one queues.
    pub(super) fn for_job(&self, job: JobId) -> Self {
        Self {
            who: Who::Job(AtomicU32::new(job.0), self.me()),
            ..self.alike()
        }
    }

    /// One of several futures that this body polls side by side.
    pub(super) fn branch(&self) -> Self {
        self.alike()
    }

    fn alike(&self) -> Self {
        Self {
            stage: Arc::clone(&self.stage),
            who: match &self.who {
                Who::Task(cell) => Who::Task(cell.branch()),
                Who::Job(job, parent) => {
                    Who::Job(AtomicU32::new(job.load(Ordering::Relaxed)), *parent)
                }
            },
            name: Arc::clone(&self.name),
            reply: self.reply.clone(),
            on: self.on,
            token: None,
            serving: OnceLock::new(),
            streams: false,
        }
    }

    /// The task's cell; a job has none.
    pub(super) fn cell(&self) -> Option<&Arc<TaskCell>> {
        match &self.who {
            Who::Task(cell) => Some(cell),
            Who::Job(..) => None,
        }
    }

    /// The next piece of a generator is another job.
    pub(super) fn become_job(&self, id: JobId) {
        if let Who::Job(job, _) = &self.who {
            job.store(id.0, Ordering::Relaxed);
        }
    }

    pub(super) fn actor(&self) -> Actor {
        match &self.who {
            Who::Task(cell) => Actor::Task(cell.id()),
            Who::Job(job, _) => Actor::Job(JobId(job.load(Ordering::Relaxed))),
        }
    }

    /// The task that runs this, or that queued the job that does.
    pub(super) fn me(&self) -> TaskId {
        match &self.who {
            Who::Task(cell) => cell.id(),
            Who::Job(_, parent) => *parent,
        }
    }

    /// What a wake by this body is told as.
    pub(super) fn as_cause(&self) -> WakeCause {
        match self.actor() {
            Actor::Task(task) => WakeCause::Task(task),
            Actor::Job(job) => WakeCause::Job(job),
        }
    }

    pub(super) fn waits_for(&self, on: WaitOn) {
        if let Some(cell) = self.cell() {
            cell.waits_for(on);
        }
    }

    pub(super) fn waits_for_timer(&self, deadline: Nanos) {
        if let Some(cell) = self.cell() {
            cell.waits_for_timer(deadline);
        }
    }
}
