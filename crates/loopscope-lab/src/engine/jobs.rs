//! Jobs: work for a pool's threads, queued and awaited, each with an end that is told.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::cx::Cx;
use super::flow::{Flow, at_once};
use super::frame::{Frame, Started};
use super::host::Handed;
use super::interpret::run;
use super::stage::{Open, Stage};
use super::state::short;
use super::values::nothing;
use crate::scenario::{Step, Value, Work};
use loopscope_trace::{EventKind, FunctionId, JobId, Outcome, PoolId, TaskId, WaitOn};

/// A job that was handed to a pool, and where its result will be.
pub(super) struct Queued<T> {
    id: JobId,
    handle: Option<Handed>,
    result: Arc<Mutex<Option<T>>>,
}

/// A job whose result is a value.
pub(super) type Job = Queued<Value>;

/// What a job needs to know before it is queued.
pub(super) struct Order {
    /// Who hands it to the pool.
    pub(super) parent: TaskId,
    /// Its name.
    pub(super) name: String,
    /// The pool; the default one unless told.
    pub(super) pool: Option<PoolId>,
}

/// What a job runs.
pub(super) enum Body {
    /// Steps that stand in place.
    Inline(Vec<Step>),
    /// A plain function.
    Function(FunctionId),
}

/// Hands work to a pool. The work returns nothing where the run was halted.
pub(super) fn queue<T: Send + 'static>(
    stage: &Arc<Stage>,
    order: &Order,
    work: impl FnOnce(JobId) -> Option<T> + Send + 'static,
) -> Queued<T> {
    let id = stage.recorder.new_job();
    stage.recorder.record(EventKind::JobQueued {
        job: id,
        parent: order.parent,
        name: stage.recorder.intern(&order.name),
        pool: order.pool.map_or(0, |pool| short(pool.0 + 1)),
    });
    let ending = Ending::new(stage, id);
    let result = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&result);
    let job = Box::new(move || ending.work(work, &slot));
    let handle = stage
        .host
        .run_on_pool(stage.pool(order.pool), order.pool, &order.name, job);
    Queued { id, handle, result }
}

/// Does a job on this thread, and tells its start and its end.
pub(super) fn here<T>(
    stage: &Arc<Stage>,
    id: JobId,
    work: impl FnOnce(JobId) -> Option<T>,
) -> Option<T> {
    let slot = Mutex::new(None);
    Ending::new(stage, id).work(work, &slot);
    slot.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a job's body on this thread; nothing where the run was halted.
pub(super) fn perform(cx: &Cx, body: &Body, frame: &Frame) -> Option<Value> {
    let body = match body {
        Body::Inline(body) => body,
        Body::Function(function) => &cx.stage.function(*function)?.body,
    };
    match at_once(run(cx, body, frame)) {
        Some(Flow::Halted) | None => None,
        Some(Flow::On | Flow::Left) => Some(frame.result().unwrap_or_else(nothing)),
    }
}

impl<T> Queued<T> {
    /// Waits for the job's end; nothing where it was cancelled or has failed.
    pub(super) async fn finish(self, cx: &Cx) -> Option<T> {
        let handle = self.handle?;
        // What has ended already is no wait.
        if !handle.is_finished() {
            cx.waits_for(WaitOn::Job(self.id));
        }
        handle.wait().await;
        let mut result = self.result.lock().unwrap_or_else(PoisonError::into_inner);
        result.take()
    }

    /// Takes the job out of the queue; one that runs runs on.
    pub(super) fn abort(&self) {
        if let Some(handle) = &self.handle {
            handle.abort();
        }
    }
}

impl Job {
    /// The job's result, once it has ended.
    pub(super) async fn end(self, cx: &Cx) -> Value {
        self.finish(cx).await.unwrap_or_else(nothing)
    }
}

impl Cx {
    /// Starts work on a pool, and waits for it unless it is kept under a name or detached.
    pub(super) async fn spawn_blocking(
        &self,
        work: &Work,
        pool: Option<PoolId>,
        (name, detach): (Option<&String>, bool),
        frame: &Frame,
    ) -> Flow {
        let (body, inner) = self.prepare(work, frame);
        let title = match work {
            Work::Function(call) => self.name_of(call),
            Work::Inline(_) => format!("{} job", self.name),
        };
        let job = self.start_job(title, pool, body, inner);
        if let Some(name) = name {
            frame.keep(name, Started::Job(job));
        } else if !detach {
            let _ = job.finish(self).await;
        }
        Flow::On
    }

    /// What work runs, and the locals that it begins with.
    pub(super) fn prepare(&self, work: &Work, frame: &Frame) -> (Body, Frame) {
        match work {
            Work::Inline(body) => (Body::Inline(body.clone()), frame.inner()),
            Work::Function(call) => {
                let arguments = self.arguments(call, frame);
                let params = self.stage.function(call.function);
                let params = params.map_or(&[][..], |function| &function.params);
                (Body::Function(call.function), Frame::new(params, arguments))
            }
        }
    }

    /// Hands a body to a pool.
    pub(super) fn start_job(
        &self,
        name: String,
        pool: Option<PoolId>,
        body: Body,
        frame: Frame,
    ) -> Job {
        let order = Order {
            parent: self.me(),
            name,
            pool,
        };
        let template = self.branch();
        queue(&self.stage, &order, move |id| {
            let cx = template.for_job(id);
            perform(&cx, &body, &frame)
        })
    }
}

/// Tells the job's end however it comes: done, panicked, or dropped in the queue.
struct Ending {
    stage: Arc<Stage>,
    job: JobId,
    outcome: Outcome,
    // Dropped after the end has been told.
    _open: Open,
}

impl Ending {
    fn new(stage: &Arc<Stage>, job: JobId) -> Self {
        Self {
            stage: Arc::clone(stage),
            job,
            outcome: Outcome::Cancelled,
            _open: stage.open.begin(),
        }
    }

    fn work<T>(mut self, work: impl FnOnce(JobId) -> Option<T>, slot: &Mutex<Option<T>>) {
        let (recorder, job) = (&self.stage.recorder, self.job);
        let thread = recorder.thread();
        recorder.record(EventKind::JobStarted { job, thread });
        let result = work(job);
        if result.is_some() {
            self.outcome = Outcome::Completed;
        }
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = result;
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if thread::panicking() {
            self.outcome = Outcome::Panicked;
        }
        self.stage.recorder.record(EventKind::JobEnded {
            job: self.job,
            outcome: self.outcome,
        });
    }
}
