//! The steps that hand work on: `spawn_blocking` to a thread pool, `process` to a child
//! process, which is killed where it takes too long.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use loopscope_probe::{Branch, TaskCell};
use loopscope_trace::{
    Actor, EventKind, FunctionId, JobId, Nanos, Outcome, PoolId, StepId, WaitOn,
};
use tokio::sync::oneshot;

use crate::engine::children::child::ProcessJob;
use crate::engine::children::pool::Ended;
use crate::engine::state::listed::Written;
use crate::engine::state::run_state::RunState;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::{Frame, Started};
use crate::engine::steps::job::{End, Flow, Job, JobSpec, at_once, end_of_call, let_pass, queue};
use crate::scenario::model::step::{Step, Work};

/// What a job runs.
pub(crate) enum Body {
    /// Steps that stand in place.
    Inline(Vec<Step>),
    /// A plain function.
    Function(FunctionId),
}

/// Runs a job's body on this thread; nothing where the run was halted.
pub(crate) fn perform(cx: &Context, body: &Body, frame: &Frame) -> Option<End> {
    cx.begin(frame);
    let body = match body {
        Body::Inline(body) => body,
        Body::Function(function) => &cx.state.function(*function)?.body,
    };
    match at_once(cx.run(body, frame)) {
        Some(Flow::Halted) | None => None,
        Some(flow) => Some(end_of_call(flow, frame.result())),
    }
}

/// Starts work on a pool, and waits for it unless it is kept under a name or detached.
pub(crate) async fn spawn_blocking(
    cx: &Context,
    (step, work): (StepId, &Work),
    pool: Option<PoolId>,
    (name, detach): (Option<&String>, bool),
    frame: &Frame,
) -> Flow {
    // The framework's own threads: what is kept, left behind, or has a pool of its own is handed over at once.
    if cx.state.scenario.story.is_server() && pool.is_none() && name.is_none() && !detach {
        let_pass(cx.cell(), cx.state.semantics.turns_to_job()).await;
    }
    let (body, inner) = prepare(cx, work, frame);
    let at = cx.state.listed.at(Written::Step(step));
    let job = start_job(cx, cx.name_of_job(work), pool, body, inner);
    drop(at);
    if let Some(name) = name {
        frame.keep(name, Started::Job(job));
    } else if !detach {
        let end = job.end(cx.cell()).await;
        return cx.keep(end, None, frame);
    }
    Flow::Continue
}

/// What work runs, and the locals that it begins with.
pub(crate) fn prepare(cx: &Context, work: &Work, frame: &Frame) -> (Body, Frame) {
    match work {
        Work::Inline(body) => (Body::Inline(body.clone()), frame.inner()),
        Work::Function(call) => {
            let arguments = cx.arguments(call, frame);
            let params = cx.state.function(call.function);
            let params = params.map_or(&[][..], |function| &function.params);
            (
                Body::Function(call.function),
                Frame::new(call.function, params, arguments),
            )
        }
    }
}

/// Hands a body to a pool.
pub(crate) fn start_job(
    cx: &Context,
    name: String,
    pool: Option<PoolId>,
    body: Body,
    frame: Frame,
) -> Job {
    let order = JobSpec {
        parent: cx.task(),
        name,
        pool,
    };
    let template = cx.branch();
    queue(&cx.state, &order, move |id| {
        let cx = template.for_job(id);
        perform(&cx, &body, &frame)
    })
}

/// Runs work on a child process; false where that was killed.
pub(crate) async fn process(
    cx: &Context,
    step: StepId,
    work: &Work,
    limit: Option<Nanos>,
    frame: &Frame,
) -> bool {
    let Some(me) = cx.cell() else {
        return false;
    };
    let order = ProcessJob {
        job: cx.state.recorder.new_job(),
        step,
        name: cx.name_of_job(work),
        locals: prepare(cx, work, frame).1.locals(),
    };
    await_child(&cx.state, me, order, limit).await
}

/// Runs the work of a step on the pool of child processes and waits for it. False where the child
/// was killed: by us after `limit`, or from outside.
async fn await_child(
    state: &RunState,
    me: &Arc<TaskCell>,
    order: ProcessJob,
    limit: Option<Nanos>,
) -> bool {
    let recorder = &state.recorder;
    let (job, step) = (order.job, order.step);
    recorder.record(EventKind::JobQueued {
        job,
        parent: me.id(),
        name: recorder.intern(&order.name),
        pool: EventKind::PROCESS_POOL,
    });
    let submitted = state
        .children
        .as_ref()
        .and_then(|children| Some((children, children.submit(order)?)));
    let Some((children, mut end)) = submitted else {
        cancelled(state, job);
        return false;
    };
    let waiter = Waiter { state, job };
    me.waits_for(WaitOn::Job(job));
    let ended = if let Some(ended) = within(state, me, limit, &mut end).await {
        ended
    } else {
        let actor = Actor::Task(me.id());
        recorder.record(EventKind::TimedOut { actor, step });
        if children.withdraw(job) {
            cancelled(state, job);
            return false;
        }
        children.kill(job);
        me.waits_for(WaitOn::Job(job));
        end.await.unwrap_or(Ended::Killed)
    };
    drop(waiter);
    ended == Ended::Done
}

/// How it ended; nothing where the limit came first.
async fn within(
    state: &RunState,
    me: &Arc<TaskCell>,
    limit: Option<Nanos>,
    end: &mut oneshot::Receiver<Ended>,
) -> Option<Ended> {
    // Dropped unsent only where all children are gone.
    let Some(limit) = limit else {
        return Some(end.await.unwrap_or(Ended::Killed));
    };
    let timer = me.branch();
    timer.expects_timer();
    let mut sleep = Branch::new(timer, state.host.sleep(limit));
    poll_fn(|context| {
        if let Poll::Ready(ended) = Pin::new(&mut *end).poll(context) {
            return Poll::Ready(Some(ended.unwrap_or(Ended::Killed)));
        }
        Pin::new(&mut sleep).poll(context).map(|()| None)
    })
    .await
}

fn cancelled(state: &RunState, job: JobId) {
    state.recorder.record(EventKind::JobEnded {
        job,
        outcome: Outcome::Cancelled,
    });
}

/// Takes the job out of the queue where its task is dropped while it waits. A child that has it
/// goes on, as a thread of a pool does. Whatever a child had is recorded by the child, or by its reader.
struct Waiter<'a> {
    state: &'a RunState,
    job: JobId,
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        let children = self.state.children.as_ref();
        if children.is_some_and(|children| children.withdraw(self.job)) {
            cancelled(self.state, self.job);
        }
    }
}
