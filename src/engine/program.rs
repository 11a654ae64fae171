//! A body as a future: each step of the scenario, one after the other, on the loop.

use std::collections::HashMap;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;

use tokio::task::{JoinHandle, yield_now};

use super::pool::{self, Flow, Order};
use super::process;
use super::server::Reply;
use super::stage::{Open, Stage};
use crate::probe::{Announcement, TaskCell};
use crate::scenario::{Action, Length, Step, Work};
use crate::trace::{Actor, BlockKind, EventKind, FunctionId, Nanos, TaskId, TaskRole, WaitOn};

/// Whose program runs, and for which request.
pub(super) struct Cx {
    stage: Arc<Stage>,
    me: Arc<TaskCell>,
    name: String,
    reply: Option<Arc<Reply>>,
}

/// Tasks that a body has spawned, by the names that its steps know them by.
type Children = HashMap<String, (TaskId, JoinHandle<()>)>;

type Running<'a> = Pin<Box<dyn Future<Output = Flow> + Send + 'a>>;

/// A function's place as the events carry it.
pub(super) fn number(function: FunctionId) -> u16 {
    u16::try_from(function.0).unwrap_or(EventKind::NO_FUNCTION)
}

/// Puts a program of `[[start]]` on the loop.
pub(super) fn start(stage: &Arc<Stage>, function: FunctionId, open: Open) {
    let Some(called) = stage.function(function) else {
        return;
    };
    let name = called.name.clone();
    let announcement = Announcement {
        function: number(function),
        ..Announcement::new(TaskRole::Program, stage.recorder.intern(&name))
    };
    let _ = task(stage, function, announcement, name, open);
}

/// Puts a function on the loop as a task of its own.
fn task(
    stage: &Arc<Stage>,
    run: FunctionId,
    announcement: Announcement,
    name: String,
    open: Open,
) -> (TaskId, JoinHandle<()>) {
    let shared = Arc::clone(stage);
    let label = name.clone();
    let (cell, handle) = stage.spawn(run, announcement, &label, move |me| async move {
        function(&Cx::new(shared, me, name, None), run).await;
        drop(open);
    });
    (cell.id(), handle)
}

/// Runs a function to its end, in place.
pub(super) async fn function(cx: &Cx, function: FunctionId) {
    if let Some(function) = cx.stage.function(function) {
        run(cx, &function.body, &mut Children::new()).await;
    }
}

/// Runs a body. Boxed, because bodies nest.
fn run<'a>(cx: &'a Cx, body: &'a [Step], children: &'a mut Children) -> Running<'a> {
    Box::pin(async move {
        for step in body {
            cx.unless_halted().await;
            cx.stage.recorder.record(EventKind::StepEntered {
                actor: cx.actor(),
                step: step.id,
            });
            let flow = cx.step(step, children).await;
            cx.unless_halted().await;
            if flow != Flow::On {
                return flow;
            }
        }
        Flow::On
    })
}

impl Cx {
    pub(super) const fn new(
        stage: Arc<Stage>,
        me: Arc<TaskCell>,
        name: String,
        reply: Option<Arc<Reply>>,
    ) -> Self {
        Self {
            stage,
            me,
            name,
            reply,
        }
    }

    fn actor(&self) -> Actor {
        Actor::Task(self.me.id())
    }

    /// Waits for ever once the run is halted: the shutdown drops the task where it stands.
    async fn unless_halted(&self) {
        if self.stage.halt.given() {
            pending::<()>().await;
        }
    }

    async fn step(&self, step: &Step, children: &mut Children) -> Flow {
        match &step.action {
            Action::Print(_) => self.stage.recorder.record(EventKind::Output {
                actor: self.actor(),
                text: self.stage.texts.of(step.id),
            }),
            Action::Sleep(length) => self.sleep(length.fixed().unwrap_or_default()).await,
            Action::Block(length) => {
                return pool::hold(
                    &self.stage,
                    self.actor(),
                    BlockKind::Sleep,
                    length.fixed().unwrap_or_default(),
                );
            }
            Action::Cpu(length) => {
                return pool::hold(
                    &self.stage,
                    self.actor(),
                    BlockKind::Cpu,
                    length.fixed().unwrap_or_default(),
                );
            }
            Action::Yield => {
                self.me.waits_for(WaitOn::Turn);
                yield_now().await;
            }
            Action::SpawnBlocking { work, detach, .. } => self.spawn_blocking(work, *detach).await,
            Action::Process {
                work,
                limit,
                otherwise,
            } => {
                let limit = limit.as_ref().and_then(Length::fixed);
                if !self.process(step, work, limit).await {
                    return self.missed(otherwise, children).await;
                }
            }
            Action::Spawn { call, name, .. } => {
                let child = self.spawn(call.function, name);
                children.insert(name.clone(), child);
            }
            Action::Await { name, .. } => {
                if let Some((task, handle)) = children.remove(name) {
                    self.join(WaitOn::Task(task), handle).await;
                }
            }
            Action::Call { call, .. } => Box::pin(function(self, call.function)).await,
            Action::Gather { calls, .. } => {
                let functions: Vec<_> = calls.iter().map(|call| call.function).collect();
                self.gather(&functions).await;
            }
            Action::Repeat { times, body, .. } => {
                for _ in 0..*times {
                    let flow = run(self, body, children).await;
                    if flow != Flow::On {
                        return flow;
                    }
                }
            }
            Action::Respond(_) => {
                if let Some(reply) = &self.reply {
                    reply.send(self.stage.texts.of(step.id));
                }
            }
            Action::Return(_) => return Flow::Left,
            _ => {}
        }
        Flow::On
    }

    async fn sleep(&self, length: Nanos) {
        self.me.waits_for_timer(self.stage.host.now() + length);
        self.stage.host.sleep(length).await;
    }

    async fn spawn_blocking(&self, work: &Work, detach: bool) {
        let name = match work {
            Work::Function(call) => self.stage.function(call.function).map(|f| f.name.clone()),
            Work::Inline(_) => None,
        };
        let name = name.unwrap_or_else(|| format!("{} job", self.name));
        let order = Order {
            parent: self.me.id(),
            name,
            reply: self.reply.clone(),
            work: work.clone(),
        };
        let (job, handle) = pool::queue(&self.stage, order);
        if let Some(handle) = handle.filter(|_| !detach) {
            self.join(WaitOn::Job(job), handle).await;
        }
    }

    /// Runs work on a child process; false where that was killed.
    async fn process(&self, step: &Step, work: &Work, limit: Option<Nanos>) -> bool {
        let name = match work {
            Work::Function(call) => self.stage.function(call.function).map(|f| f.name.clone()),
            Work::Inline(_) => None,
        };
        let name = name.unwrap_or_else(|| format!("{} job", self.name));
        process::perform(&self.stage, &self.me, name, step.id, limit).await
    }

    /// Goes on after a child was killed: with `otherwise`, or, where that is empty, not at all, as
    /// a function does whose exception nobody catches.
    async fn missed(&self, otherwise: &[Step], children: &mut Children) -> Flow {
        if !otherwise.is_empty() {
            return run(self, otherwise, children).await;
        }
        if let Some(reply) = &self.reply {
            reply.send(self.stage.recorder.intern("500 Internal Server Error"));
        }
        Flow::Left
    }

    fn spawn(&self, function: FunctionId, name: &str) -> (TaskId, JoinHandle<()>) {
        let announcement = Announcement {
            function: number(function),
            parent: self.me.id(),
            ..Announcement::new(TaskRole::Spawned, self.stage.recorder.intern(name))
        };
        let open = self.stage.open.begin();
        task(&self.stage, function, announcement, name.to_owned(), open)
    }

    /// As asyncio does it: each becomes a task at once, then all are waited for.
    async fn gather(&self, functions: &[FunctionId]) {
        let children: Vec<_> = functions
            .iter()
            .filter_map(|&id| {
                let name = &self.stage.function(id)?.name;
                Some(self.spawn(id, name).1)
            })
            .collect();
        for (place, handle) in children.into_iter().enumerate() {
            let left = functions.len() - place;
            let left = u32::try_from(left).unwrap_or(u32::MAX);
            self.join(WaitOn::Tasks(left), handle).await;
        }
    }

    async fn join(&self, on: WaitOn, handle: JoinHandle<()>) {
        // What has ended already is no wait.
        if !handle.is_finished() {
            self.me.waits_for(on);
        }
        // A panic of the other is told by its own end, and leaves this one alone.
        let _ = handle.await;
    }
}
