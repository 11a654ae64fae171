//! Jobs: bodies that run on a thread of the pool, step by step, without a loop.

use std::sync::Arc;
use std::thread;

use tokio::task::JoinHandle;

use super::server::Reply;
use super::stage::{Open, Stage};
use crate::scenario::{Action, Step, Work};
use crate::trace::{Actor, BlockKind, EventKind, JobId, Nanos, Outcome, TaskId};

/// What a job needs to know.
pub(super) struct Order {
    /// Who hands it to the pool.
    pub(super) parent: TaskId,
    /// Its name.
    pub(super) name: String,
    /// The request that its `respond` answers.
    pub(super) reply: Option<Arc<Reply>>,
    /// What it does.
    pub(super) work: Work,
}

/// Hands a job to the pool.
pub(super) fn queue(stage: &Arc<Stage>, order: Order) -> (JobId, Option<JoinHandle<()>>) {
    let job = stage.recorder.new_job();
    stage.recorder.record(EventKind::JobQueued {
        job,
        parent: order.parent,
        name: stage.recorder.intern(&order.name),
        pool: 0,
    });
    let ending = Ending {
        stage: Arc::clone(stage),
        job,
        outcome: Outcome::Cancelled,
        _open: stage.open.begin(),
    };
    let name = order.name.clone();
    let work = Box::new(move || ending.work(&order));
    let handle = stage.host.run_on_pool(&stage.runtime, &name, work);
    (job, handle)
}

/// Does a job on this thread: what a child process does with one that its parent has queued.
pub(super) fn perform(stage: &Arc<Stage>, job: JobId, order: &Order) {
    let ending = Ending {
        stage: Arc::clone(stage),
        job,
        outcome: Outcome::Cancelled,
        _open: stage.open.begin(),
    };
    ending.work(order);
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
    fn work(mut self, order: &Order) {
        let thread = self.stage.recorder.thread();
        let job = self.job;
        self.stage
            .recorder
            .record(EventKind::JobStarted { job, thread });
        let working = Working {
            stage: &self.stage,
            job,
            reply: order.reply.as_deref(),
        };
        if working.work(&order.work) != Flow::Halted {
            self.outcome = Outcome::Completed;
        }
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

/// How a body goes on after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// With the next step.
    On,
    /// Not at all: the function is left.
    Left,
    /// Not at all: the run was halted.
    Halted,
}

struct Working<'a> {
    stage: &'a Arc<Stage>,
    job: JobId,
    reply: Option<&'a Reply>,
}

impl Working<'_> {
    fn work(&self, work: &Work) -> Flow {
        match work {
            Work::Inline(body) => self.run(body),
            Work::Function(call) => match self.stage.function(call.function) {
                Some(function) => self.run(&function.body),
                None => Flow::On,
            },
        }
    }

    fn run(&self, body: &[Step]) -> Flow {
        for step in body {
            if self.stage.halt.given() {
                return Flow::Halted;
            }
            self.stage.recorder.record(EventKind::StepEntered {
                actor: Actor::Job(self.job),
                step: step.id,
            });
            let flow = self.step(step);
            if flow != Flow::On {
                return flow;
            }
        }
        Flow::On
    }

    fn step(&self, step: &Step) -> Flow {
        match &step.action {
            Action::Print(_) => {
                self.stage.recorder.record(EventKind::Output {
                    actor: Actor::Job(self.job),
                    text: self.stage.texts.of(step.id),
                });
                Flow::On
            }
            Action::Block(length) => hold(
                self.stage,
                Actor::Job(self.job),
                BlockKind::Sleep,
                length.fixed().unwrap_or_default(),
            ),
            Action::Cpu(length) => hold(
                self.stage,
                Actor::Job(self.job),
                BlockKind::Cpu,
                length.fixed().unwrap_or_default(),
            ),
            Action::Repeat { times, body, .. } => {
                for _ in 0..*times {
                    let flow = self.run(body);
                    if flow != Flow::On {
                        return flow;
                    }
                }
                Flow::On
            }
            Action::Call { call, .. } => match self.stage.function(call.function) {
                Some(function) if self.run(&function.body) == Flow::Halted => Flow::Halted,
                _ => Flow::On,
            },
            Action::Respond(_) => {
                if let Some(reply) = self.reply {
                    reply.keep(self.stage.texts.of(step.id));
                }
                Flow::On
            }
            Action::Return(_) => Flow::Left,
            // Needs a loop; a checked scenario has none of these in a job.
            _ => Flow::On,
        }
    }
}

/// Holds this thread for the actor, asleep or computing, and tells both ends.
pub(super) fn hold(stage: &Stage, actor: Actor, kind: BlockKind, length: Nanos) -> Flow {
    let thread = stage.recorder.thread();
    stage.recorder.record(EventKind::BlockStarted {
        actor,
        thread,
        kind,
    });
    let whole = match kind {
        BlockKind::Sleep => stage.host.block(length),
        _ => stage.host.cpu(length),
    };
    stage
        .recorder
        .record(EventKind::BlockEnded { actor, thread });
    if whole { Flow::On } else { Flow::Halted }
}
