//! Tasks: put on a loop, awaited, aborted; and coroutines that nobody has started.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::cx::Cx;
use super::flow::Flow;
use super::frame::{Frame, Started};
use super::interpret::{function, run, unless_halted};
use super::process;
use super::stage::{Open, Stage, Token, place};
use super::values::{constant, nothing};
use crate::scenario::{Call, Start, Step, Value, Work};
use loopscope_probe::{Announcement, Boxed, Branch, Coroutine, TaskCell};
use loopscope_trace::{EventKind, FunctionId, Nanos, StepId, TaskRole, WaitOn};

/// A function's place as the events carry it.
pub(super) fn number(function: FunctionId) -> u16 {
    u16::try_from(function.0).unwrap_or(EventKind::NO_FUNCTION)
}

/// What becomes a task.
pub(super) struct Launch<'a> {
    pub(super) function: FunctionId,
    pub(super) arguments: Vec<Value>,
    pub(super) name: &'a str,
    pub(super) role: TaskRole,
    /// Who spawns it, if anybody.
    pub(super) by: Option<&'a Cx>,
    /// The place of its loop.
    pub(super) on: usize,
    pub(super) open: Open,
}

/// Puts a program of `[[start]]` on its loop.
pub(super) fn start(stage: &Arc<Stage>, start: &Start, open: Open) {
    let Some(called) = stage.function(start.call.function) else {
        return;
    };
    let on = start.on.or(called.on).map_or(0, place);
    let name = called.name.clone();
    // Its arguments are numbers and strings: there is nothing to look up yet.
    let arguments = start.call.arguments.iter().map(constant).collect();
    let launch = Launch {
        function: start.call.function,
        arguments,
        name: &name,
        role: TaskRole::Program,
        by: None,
        on,
        open,
    };
    let _ = launch.begin(stage);
}

impl Launch<'_> {
    /// Puts the function on its loop as a task of its own.
    pub(super) fn begin(self, stage: &Arc<Stage>) -> (Arc<TaskCell>, JoinHandle<Value>) {
        let shared = Arc::clone(stage);
        let mut announcement = Announcement {
            function: number(self.function),
            ..Announcement::new(self.role, stage.recorder.intern(self.name))
        };
        if let Some(cx) = self.by {
            announcement.parent = cx.me();
        }
        let (name, on, id) = (self.name.to_owned(), self.on, self.function);
        let (arguments, open) = (self.arguments, self.open);
        let spawned = stage.spawn(id, on, announcement, self.name, move |me| async move {
            let mut cx = Cx::for_task(shared, me, &name, None, on);
            cx.token = Some(Token::new(cx.stage.open.clone(), open));
            let (flow, value) = function(&cx, id, arguments).await;
            unless_halted(flow).await;
            value
        });
        stage.stopping.remember(self.role, &spawned.0, &spawned.1);
        spawned
    }
}

impl Cx {
    pub(super) fn name_of(&self, call: &Call) -> String {
        let function = self.stage.function(call.function);
        function.map_or_else(|| "task".to_owned(), |function| function.name.clone())
    }

    /// The loop of a function that is not told where to run.
    pub(super) fn loop_of(&self, id: FunctionId) -> usize {
        let function = self.stage.function(id);
        function
            .and_then(|function| function.on)
            .map_or(self.on, place)
    }

    pub(super) fn launch_child(
        &self,
        call: &Call,
        name: &str,
        on: Option<usize>,
        frame: &Frame,
    ) -> (Arc<TaskCell>, JoinHandle<Value>) {
        let launch = Launch {
            function: call.function,
            arguments: self.arguments(call, frame),
            name,
            role: TaskRole::Spawned,
            by: Some(self),
            on: on.unwrap_or_else(|| self.loop_of(call.function)),
            open: self.stage.open.begin(),
        };
        launch.begin(&self.stage)
    }

    pub(super) fn spawn(&self, call: &Call, name: &str, on: Option<usize>, frame: &Frame) {
        let (cell, handle) = self.launch_child(call, name, on, frame);
        frame.keep(name, Started::Task(cell, handle));
    }

    /// Makes a coroutine. Without a name nobody can await it, and it is dropped here.
    pub(super) fn create(&self, call: &Call, name: Option<&String>, frame: &Frame) {
        let own = self.branch();
        let (id, arguments) = (call.function, self.arguments(call, frame));
        let cell = own.cell().cloned();
        let body: Boxed<'static, (Flow, Value)> =
            Box::pin(async move { function(&own, id, arguments).await });
        let announcement = Announcement {
            function: number(id),
            parent: self.me(),
            on: self.stage.thread_of(self.on),
            ..Announcement::new(
                TaskRole::Coroutine,
                self.stage.recorder.intern(&self.name_of(call)),
            )
        };
        let body: Boxed<'static, (Flow, Value)> = match cell {
            Some(cell) => Box::pin(Branch::new(cell, body)),
            None => body,
        };
        let coroutine = Coroutine::new(&self.stage.recorder, announcement, body);
        if let Some(name) = name {
            frame.keep(name, Started::Coroutine(coroutine));
        }
    }

    /// Waits for what was started under a name, or runs the coroutine that was made under it.
    pub(super) async fn wait(&self, name: &str, into: Option<&String>, frame: &Frame) -> Flow {
        let (flow, value) = match frame.take(name) {
            Some(Started::Task(cell, handle)) => {
                (Flow::On, self.end_of(WaitOn::Task(cell.id()), handle).await)
            }
            Some(Started::Job(job)) => (Flow::On, job.end(self).await),
            Some(Started::Coroutine(coroutine)) => coroutine.await,
            None => (Flow::On, nothing()),
        };
        frame.put(into, value);
        flow
    }

    /// The result of a task. A panic of the other is told by its own end, and leaves this alone.
    pub(super) async fn end_of(&self, on: WaitOn, handle: JoinHandle<Value>) -> Value {
        // What has ended already is no wait.
        if !handle.is_finished() {
            self.waits_for(on);
        }
        handle.await.unwrap_or_else(|_| nothing())
    }

    /// Runs work on a child process; false where that was killed.
    pub(super) async fn process(
        &self,
        step: StepId,
        work: &Work,
        limit: Option<Nanos>,
        frame: &Frame,
    ) -> bool {
        let name = match work {
            Work::Function(call) => self.name_of(call),
            Work::Inline(_) => format!("{} job", self.name),
        };
        let Some(me) = self.cell() else {
            return false;
        };
        let order = process::Order {
            job: self.stage.recorder.new_job(),
            step,
            name,
            locals: self.prepare(work, frame).1.locals(),
        };
        process::perform(&self.stage, me, order, limit).await
    }

    /// Goes on after a child was killed: with `otherwise`, or, where that is empty, not at all, as
    /// a function does whose exception nobody catches.
    pub(super) async fn missed(&self, otherwise: &[Step], frame: &Frame) -> Flow {
        if !otherwise.is_empty() {
            return run(self, otherwise, frame).await;
        }
        if let Some(reply) = &self.reply {
            reply.send(self.stage.recorder.intern("500 Internal Server Error"));
        }
        Flow::Left
    }

    /// Aborts what was started under a name: a task at its await; a job only while it is queued.
    pub(super) fn abort(&self, name: &str, frame: &Frame) {
        match frame.take(name) {
            Some(Started::Task(cell, handle)) => {
                if !handle.is_finished() {
                    cell.aborted(self.as_cause());
                    handle.abort();
                }
                frame.keep(name, Started::Task(cell, handle));
            }
            Some(Started::Job(job)) => {
                job.abort();
                frame.keep(name, Started::Job(job));
            }
            Some(Started::Coroutine(_)) | None => {}
        }
    }
}
