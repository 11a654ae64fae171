//! The step `process`: hands work to a child process, waits, kills what takes too long.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use loopscope_probe::{Branch, TaskCell};
use loopscope_trace::{Actor, EventKind, JobId, Nanos, Outcome, StepId, WaitOn};
use tokio::sync::oneshot;

use crate::engine::children::pool::Ended;
use crate::engine::children::protocol::ProcessJob;
use crate::engine::state::run_state::RunState;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::spawn_blocking::prepare;
use crate::scenario::model::step::Work;

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
    perform(&cx.state, me, order, limit).await
}

/// Runs the work of a step on the pool of child processes and waits for it. False where the child
/// was killed: by us after `limit`, or from outside.
async fn perform(
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
