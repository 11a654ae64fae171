//! A body as a future: each step of the scenario, one after the other, in a task or in a job.

use std::future::pending;

use tokio::task::yield_now;

use super::cx::Cx;
use super::flow::{Flow, at_once};
use super::frame::Frame;
use super::values::nothing;
use crate::scenario::{Action, Expression, Step, Value};
use loopscope_probe::Boxed;
use loopscope_trace::{BlockKind, EventKind, FunctionId, Nanos, WaitOn};

/// Runs a body. Boxed, because bodies nest.
pub(super) fn run<'a>(cx: &'a Cx, body: &'a [Step], frame: &'a Frame) -> Boxed<'a, Flow> {
    Box::pin(async move {
        for step in body {
            if cx.stage.halt.given() {
                return Flow::Halted;
            }
            cx.stage.recorder.record(EventKind::StepEntered {
                actor: cx.actor(),
                step: step.id,
            });
            let flow = cx.step(step, frame).await;
            if cx.stage.halt.given() {
                return Flow::Halted;
            }
            if flow != Flow::On {
                return flow;
            }
        }
        Flow::On
    })
}

/// Runs a function to its end, in place, and returns its result.
pub(super) fn function(cx: &Cx, id: FunctionId, arguments: Vec<Value>) -> Boxed<'_, (Flow, Value)> {
    Box::pin(async move {
        let Some(function) = cx.stage.function(id) else {
            return (Flow::On, nothing());
        };
        let frame = Frame::new(&function.params, arguments);
        let flow = run(cx, &function.body, &frame).await.of_call();
        (flow, frame.result().unwrap_or_else(nothing))
    })
}

/// Waits for ever where the run was halted: the shutdown drops the task where it stands.
pub(super) async fn unless_halted(flow: Flow) {
    if flow == Flow::Halted {
        pending::<()>().await;
    }
}

impl Cx {
    // table
    #[expect(clippy::too_many_lines, reason = "one arm a kind of step")]
    async fn step(&self, step: &Step, frame: &Frame) -> Flow {
        match &step.action {
            Action::Print(text) => self.stage.recorder.record(EventKind::Output {
                actor: self.actor(),
                text: self.text(step.id, text, frame),
            }),
            Action::Sleep(length) => self.sleep(self.length(length, frame)).await,
            Action::Block(length) => {
                return self.hold(BlockKind::Sleep, self.length(length, frame));
            }
            Action::Cpu(length) => return self.hold(BlockKind::Cpu, self.length(length, frame)),
            Action::Yield => {
                self.waits_for(WaitOn::Turn);
                yield_now().await;
            }
            Action::SpawnBlocking {
                work,
                pool,
                name,
                detach,
            } => {
                let keep = (name.as_ref(), *detach);
                return self.spawn_blocking(work, *pool, keep, frame).await;
            }
            Action::Process {
                work,
                limit,
                otherwise,
            } => {
                let limit = limit.as_ref().map(|limit| self.length(limit, frame));
                if !self.process(step.id, work, limit, frame).await {
                    return self.missed(otherwise, frame).await;
                }
            }
            Action::Spawn { call, name, on } => {
                let place = on.map(super::stage::place);
                self.spawn(call, name, place, frame);
            }
            Action::Await { name, into } => return self.wait(name, into.as_ref(), frame).await,
            Action::Call { call, into } => {
                let arguments = self.arguments(call, frame);
                let (flow, value) = function(self, call.function, arguments).await;
                frame.put(into.as_ref(), value);
                return flow;
            }
            Action::Create { call, name } => self.create(call, name.as_ref(), frame),
            Action::Gather { calls, into } => self.gather(calls, into, frame).await,
            Action::AsCompleted { calls, into, body } => {
                return self.as_completed(calls, into.as_ref(), body, frame).await;
            }
            Action::Join { calls, into } => return self.join(calls, into, frame).await,
            Action::Select(bodies) => return self.select(bodies, frame).await,
            Action::Timeout {
                limit,
                body,
                otherwise,
            } => {
                let limit = self.length(limit, frame);
                return self.timeout(step.id, limit, (body, otherwise), frame).await;
            }
            Action::Lock { lock, body } => return self.lock(*lock, body, frame).await,
            Action::Read { variable, into } => {
                let value = self.value(&Expression::Variable(*variable), frame);
                frame.set(into, value);
            }
            Action::Write { variable, value } => {
                let value = self.value(value, frame);
                let (stage, actor) = (&self.stage, self.actor());
                stage.state.write(stage, actor, *variable, value);
            }
            Action::Send { channel, value } => self.send(*channel, self.value(value, frame)),
            Action::Receive { channel, into } => {
                let value = self.receive(*channel).await;
                frame.put(into.as_ref(), value);
            }
            Action::BlockOn {
                call,
                on,
                into,
                limit,
                otherwise,
            } => {
                let limit = limit.as_ref().map(|limit| self.length(limit, frame));
                let place = on.map(super::stage::place);
                let value = match self.block_on(step.id, call, place, limit, frame) {
                    Ok(value) => value,
                    Err(Flow::Halted) => return Flow::Halted,
                    Err(_) => return run(self, otherwise, frame).await,
                };
                frame.put(into.as_ref(), value);
            }
            Action::Background(call) => {
                if let Some(reply) = &self.reply {
                    reply.after(call.function, self.arguments(call, frame));
                }
            }
            Action::Chunk(text) => self.chunk(self.text(step.id, text, frame)).await,
            Action::ReadFile(size) => return self.read_file(*size).await,
            Action::Abort(name) => self.abort(name, frame),
            Action::BlockInPlace(body) => return self.block_in_place(body, frame),
            Action::If {
                condition,
                then,
                otherwise,
            } => {
                let holds = self.value(condition, frame).holds();
                let body = if holds { then } else { otherwise };
                return run(self, body, frame).await;
            }
            Action::Repeat { times, until, body } => {
                for _ in 0..*times {
                    let flow = run(self, body, frame).await;
                    if flow != Flow::On {
                        return flow;
                    }
                    let over = until.as_ref().map(|until| self.value(until, frame));
                    if over.is_some_and(|over| over.holds()) {
                        break;
                    }
                }
            }
            Action::Stop { polite } => self.stop(*polite),
            Action::Respond(text) => self.respond(self.text(step.id, text, frame)),
            Action::Return(text) => {
                if let Some(text) = text {
                    frame.set_result(self.text_value(text, frame));
                }
                return Flow::Left;
            }
        }
        Flow::On
    }

    async fn sleep(&self, length: Nanos) {
        self.waits_for_timer(self.stage.host.now() + length);
        self.stage.host.sleep(length).await;
    }

    /// Holds this thread, asleep or computing, and tells both ends.
    fn hold(&self, kind: BlockKind, length: Nanos) -> Flow {
        let host = &self.stage.host;
        let whole = self.held(kind, || match kind {
            BlockKind::Sleep => host.block(length),
            _ => host.cpu(length),
        });
        if whole { Flow::On } else { Flow::Halted }
    }

    /// Does something that holds this thread, and tells both ends.
    pub(super) fn held<T>(&self, kind: BlockKind, work: impl FnOnce() -> T) -> T {
        let recorder = &self.stage.recorder;
        let (actor, thread) = (self.actor(), recorder.thread());
        recorder.record(EventKind::BlockStarted {
            actor,
            thread,
            kind,
        });
        let result = work();
        recorder.record(EventKind::BlockEnded { actor, thread });
        result
    }

    /// Runs a body while another thread takes the loop over. It waits at no await.
    fn block_in_place(&self, body: &[Step], frame: &Frame) -> Flow {
        let recorder = &self.stage.recorder;
        tokio::task::block_in_place(|| {
            recorder.record(EventKind::RoleChanged {
                thread: recorder.thread(),
                role: loopscope_trace::ThreadRole::Pool,
            });
            at_once(run(self, body, frame)).unwrap_or(Flow::On)
        })
    }
}
