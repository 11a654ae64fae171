//! The step `process`, on the loop's side: hand the work over, wait, kill what takes too long.

use tokio::time::timeout;

use super::jobs::Ended;
use crate::engine::stage::Stage;
use crate::probe::TaskCell;
use crate::trace::{Actor, EventKind, JobId, Nanos, Outcome, StepId, WaitOn};

/// Runs the work of `step` on the pool of child processes and waits for it. False where the child
/// was killed: by us after `limit`, or by somebody else.
pub(in crate::engine) async fn perform(
    stage: &Stage,
    me: &TaskCell,
    name: String,
    step: StepId,
    limit: Option<Nanos>,
) -> bool {
    let recorder = &stage.recorder;
    let job = recorder.new_job();
    recorder.record(EventKind::JobQueued {
        job,
        parent: me.id(),
        name: recorder.intern(&name),
        pool: EventKind::PROCESS_POOL,
    });
    let submitted = stage
        .children
        .as_ref()
        .and_then(|children| Some((children, children.submit(job, step, name)?)));
    let Some((children, mut end)) = submitted else {
        cancelled(stage, job);
        return false;
    };
    let waiter = Waiter { stage, job };
    me.waits_for(WaitOn::Job(job));
    let ended = match limit {
        None => (&mut end).await,
        Some(limit) => match timeout(limit.wall(stage.speed), &mut end).await {
            Ok(ended) => ended,
            Err(_) => {
                let actor = Actor::Task(me.id());
                recorder.record(EventKind::TimedOut { actor, step });
                if children.withdraw(job) {
                    cancelled(stage, job);
                    return false;
                }
                children.kill(job);
                me.waits_for(WaitOn::Job(job));
                end.await
            }
        },
    };
    drop(waiter);
    ended == Ok(Ended::Done)
}

fn cancelled(stage: &Stage, job: JobId) {
    stage.recorder.record(EventKind::JobEnded {
        job,
        outcome: Outcome::Cancelled,
    });
}

/// Takes the job out of the queue where its task is dropped while it waits. A child that has it
/// goes on, as a thread of a pool does. Whatever a child had is told by the child, or by its ear.
struct Waiter<'a> {
    stage: &'a Stage,
    job: JobId,
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        let children = self.stage.children.as_ref();
        if children.is_some_and(|children| children.withdraw(self.job)) {
            cancelled(self.stage, self.job);
        }
    }
}
