//! How a body goes on after a step, turns that it lets pass, and jobs: work for a pool's threads, each with an end that
//! is recorded.

use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Waker, ready};
use std::{task, thread};

use loopscope_probe::TaskCell;
use loopscope_trace::{EventKind, JobId, Outcome, PoolId, TaskId, TextId, WaitOn};
use parking_lot::Mutex;

use crate::engine::clock::host::JobHandle;
use crate::engine::state::open::Open;
use crate::engine::state::run_state::RunState;
use crate::engine::state::shared_values::short;
use crate::engine::steps::lost::{Ends, Holder, Lost};
use crate::scenario::model::expression::Value;

/// How a body goes on after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// With the next step.
    Continue,
    /// Not at all: the function is left.
    Return,
    /// Not at all: an error leaves the body, and says this.
    Raised(TextId),
    /// Not at all: the run was halted.
    Halted,
}

impl Flow {
    /// What a caller makes of how a function ended.
    pub(crate) const fn of_call(self) -> Self {
        match self {
            Self::Halted | Self::Raised(_) => self,
            Self::Continue | Self::Return => Self::Continue,
        }
    }
}

/// What a task or a job came to: its result, or what the error says that left it.
pub(crate) type End = Result<Value, TextId>;

/// What a function came to that ended so, with this result.
pub(crate) fn end_of_call(flow: Flow, value: Value) -> End {
    match flow {
        Flow::Raised(error) => Err(error),
        _ => Ok(value),
    }
}

/// Runs a body that waits at no await: one poll is its whole life. `None` where it did wait.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut task::Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}

/// What a function without a result returns, in the words of the first listing.
pub(crate) fn nothing() -> Value {
    Value::Text("None".to_owned())
}

/// Goes to the end of the loop's queue, so many times. A job has no queue to stand in.
pub(crate) async fn let_pass(task: Option<&Arc<TaskCell>>, turns: u32) {
    let Some(task) = task else { return };
    for _ in 0..turns {
        task.waits_for(WaitOn::Turn);
        let mut gone = false;
        poll_fn(|context| {
            if std::mem::replace(&mut gone, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

/// Waits for ever where the run was halted: the shutdown drops the task where it stands.
pub(crate) async fn unless_halted(flow: Flow) {
    if flow == Flow::Halted {
        pending::<()>().await;
    }
}

/// A job that was handed to a pool, and where its result will be.
pub(crate) struct Queued<T> {
    id: JobId,
    handle: Option<JobHandle>,
    result: Arc<Mutex<Option<T>>>,
    /// Whether it is taken out of the queue where its waiter is cancelled.
    cancels: bool,
    /// The turns of the loop between its end and its waiter.
    turns: u32,
    /// Its drop records an error that no task has asked for.
    holder: Holder,
}

/// A job whose result is a value.
pub(crate) type Job = Queued<End>;

/// What a job needs to know before it is queued.
pub(crate) struct JobSpec {
    /// The task that hands it to the pool.
    pub(crate) parent: TaskId,
    /// Its name.
    pub(crate) name: String,
    /// The pool; none is the default one.
    pub(crate) pool: Option<PoolId>,
}

/// Hands work to a pool. The work returns nothing where the run was halted.
pub(crate) fn queue<T: Ends + Send + 'static>(
    state: &Arc<RunState>,
    order: &JobSpec,
    work: impl FnOnce(JobId) -> Option<T> + Send + 'static,
) -> Queued<T> {
    state.launched();
    let id = state.recorder.new_job();
    state.recorder.record(EventKind::JobQueued {
        job: id,
        parent: order.parent,
        name: state.recorder.intern(&order.name),
        pool: order.pool.map_or(0, |pool| short(pool.0 + 1)),
    });
    let lost = Lost::new(&state.recorder);
    let mut ending = JobEnd::new(state, id);
    ending.lost = Some(lost.clone());
    let result = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&result);
    let job = Box::new(move || ending.work(work, &slot));
    let handle = state
        .host
        .run_on_pool(state.pool(order.pool), order.pool, &order.name, job);
    Queued {
        id,
        handle,
        result,
        cancels: state.semantics.cancels_awaited(),
        turns: state.semantics.turns_from_work(),
        holder: lost.holder(),
    }
}

/// Does a job on this thread, and records its start and its end.
pub(crate) fn here<T: Ends>(
    state: &Arc<RunState>,
    id: JobId,
    work: impl FnOnce(JobId) -> Option<T>,
) -> Option<T> {
    let slot = Mutex::new(None);
    JobEnd::new(state, id).work(work, &slot);
    slot.into_inner()
}

impl<T> Queued<T> {
    /// Waits for the job's end; nothing where it was cancelled or has failed.
    pub(crate) async fn finish(self, task: Option<&Arc<TaskCell>>) -> Option<T> {
        let mut waiter = Waiter {
            handle: self.handle?,
            cancels: self.cancels,
        };
        // What has ended already is no wait.
        let waits = !waiter.handle.is_finished();
        if let (true, Some(task)) = (waits, task) {
            task.waits_for(WaitOn::Job(self.id));
        }
        waiter.handle.wait().await;
        waiter.cancels = false;
        if waits {
            let_pass(task, self.turns).await;
        }
        self.holder.asked();
        let mut result = self.result.lock();
        result.take()
    }

    /// It stays in the queue although its waiter is cancelled.
    pub(crate) fn shielded(self) -> Self {
        Self {
            cancels: false,
            ..self
        }
    }

    /// Takes the job out of the queue; one that runs runs on.
    pub(crate) fn abort(&self) {
        if let Some(handle) = &self.handle {
            handle.abort();
        }
    }
}

/// Waits for a job; one that is dropped meanwhile may take it out of the queue.
struct Waiter {
    handle: JobHandle,
    cancels: bool,
}

impl Drop for Waiter {
    fn drop(&mut self) {
        if self.cancels {
            self.handle.abort();
        }
    }
}

impl Job {
    /// What it came to, where it has ended; else its end wakes who asks.
    pub(crate) fn poll(
        &mut self,
        task: Option<&Arc<TaskCell>>,
        context: &mut task::Context<'_>,
    ) -> Poll<End> {
        if let Some(handle) = &mut self.handle {
            if let (false, Some(task)) = (handle.is_finished(), task) {
                task.waits_for(WaitOn::Job(self.id));
            }
            ready!(pin!(handle.wait()).poll(context));
        }
        self.holder.asked();
        let result = self.result.lock().take();
        Poll::Ready(result.unwrap_or_else(|| Ok(nothing())))
    }

    /// What the job came to, once it has ended.
    pub(crate) async fn end(self, task: Option<&Arc<TaskCell>>) -> End {
        self.finish(task).await.unwrap_or_else(|| Ok(nothing()))
    }
}

/// Records the job's end however it comes: done, panicked, or dropped in the queue.
struct JobEnd {
    state: Arc<RunState>,
    job: JobId,
    outcome: Outcome,
    lost: Option<Lost>,
    // Dropped after the end has been recorded.
    _open: Open,
}

impl JobEnd {
    fn new(state: &Arc<RunState>, job: JobId) -> Self {
        Self {
            state: Arc::clone(state),
            job,
            outcome: Outcome::Cancelled,
            lost: None,
            _open: state.open.begin(),
        }
    }

    fn work<T: Ends>(mut self, work: impl FnOnce(JobId) -> Option<T>, slot: &Mutex<Option<T>>) {
        if self.state.drops_queued() {
            return;
        }
        let (recorder, job) = (&self.state.recorder, self.job);
        let thread = recorder.thread();
        recorder.record(EventKind::JobStarted { job, thread });
        let result = work(job);
        if let Some(result) = &result {
            self.outcome = match result.error() {
                Some(_) => Outcome::Failed,
                None => Outcome::Completed,
            };
        }
        let error = result.as_ref().and_then(Ends::error);
        *slot.lock() = result;
        let lost = self.lost.take();
        // After its end.
        drop(self);
        if let (Some(lost), Some(error)) = (lost, error) {
            lost.failed(TaskId::NONE, error);
        }
    }
}

impl Drop for JobEnd {
    fn drop(&mut self) {
        if thread::panicking() {
            self.outcome = Outcome::Panicked;
        }
        self.state.recorder.record(EventKind::JobEnded {
            job: self.job,
            outcome: self.outcome,
        });
    }
}
