//! A body as a future: its steps one after the other, in a task or in a job.
// One arm a step: a table

use loopscope_probe::Boxed;
use loopscope_trace::{BlockKind, EventKind, Nanos};

use crate::engine::state::listed::Written;
use crate::engine::state::shared_values::place;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::{Flow, at_once};
use crate::engine::steps::streams::Buffer;
use crate::engine::steps::{
    broadcast, group, lock, request, select, several, spawn_blocking, streams, task, timer,
};
use crate::scenario::model::expression::{Expression, Value};
use crate::scenario::model::step::{Action, Step};

/// Runs a body. Boxed, because bodies nest.
pub(crate) fn play<'a>(cx: &'a Context, body: &'a [Step], frame: &'a Frame) -> Boxed<'a, Flow> {
    Box::pin(async move {
        for entered in body {
            if !cx.state.goes_on() {
                return Flow::Halted;
            }
            cx.state.host.delay();
            cx.calls.settle(&cx.state.recorder, cx.actor());
            cx.state.recorder.record(EventKind::StepEntered {
                actor: cx.actor(),
                step: entered.id,
            });
            let flow = step(cx, entered, frame).await;
            if cx.state.halt.given() {
                return Flow::Halted;
            }
            if flow != Flow::Continue {
                return flow;
            }
        }
        Flow::Continue
    })
}

// table
#[expect(clippy::too_many_lines, reason = "one arm a kind of step")]
async fn step(cx: &Context, step: &Step, frame: &Frame) -> Flow {
    match &step.action {
        Action::Print(text) => cx.state.recorder.record(EventKind::Output {
            actor: cx.actor(),
            text: cx.text(step.id, text, frame),
        }),
        Action::Sleep(length) => timer::sleep(cx, cx.length(length, frame)).await,
        Action::Block(length) => {
            return hold(cx, BlockKind::Sleep, cx.length(length, frame));
        }
        Action::Cpu { length, keeps_gil } => {
            let keeps = *keeps_gil && cx.state.gil.is_some();
            let kind = if keeps {
                BlockKind::Native
            } else {
                BlockKind::Cpu
            };
            return hold(cx, kind, cx.length(length, frame));
        }
        Action::Yield => timer::give_way(cx).await,
        Action::YieldRequest => request::yield_request(cx).await,
        Action::SpawnBlocking {
            work,
            pool,
            name,
            detach,
        } => {
            let keep = (name.as_ref(), *detach);
            return spawn_blocking::spawn_blocking(cx, (step.id, work), *pool, keep, frame).await;
        }
        Action::Process {
            work,
            limit,
            otherwise,
        } => {
            let limit = limit.as_ref().map(|limit| cx.length(limit, frame));
            if !spawn_blocking::process(cx, step.id, work, limit, frame).await {
                return request::missed(cx, otherwise, frame).await;
            }
        }
        Action::Spawn { call, name, on } => {
            let _at = cx.state.listed.at(Written::Step(step.id));
            task::spawn(cx, call, name, on.map(place), frame);
        }
        Action::Await { name, into, shield } => {
            return task::wait(cx, (name, *shield), into.as_ref(), frame).await;
        }
        Action::Call { call, into } => {
            let arguments = cx.arguments(call, frame);
            let (flow, value) = cx.call(call.function, arguments).await;
            if !matches!(flow, Flow::Raised(_)) {
                cx.put(frame, into.as_ref(), value);
            }
            return flow;
        }
        Action::Create { call, name } => task::create(cx, call, name.as_ref(), frame),
        Action::Gather {
            calls,
            into,
            keeps_errors,
        } => return group::gather(cx, (step.id, calls), (into, *keeps_errors), frame).await,
        Action::Group(calls) => return group::group(cx, (step.id, calls), frame).await,
        Action::Raise(text) => {
            let text = cx.text(step.id, text, frame);
            let actor = cx.actor();
            cx.state.recorder.record(EventKind::Raised { actor, text });
            return Flow::Raised(text);
        }
        Action::Try {
            body,
            into,
            otherwise,
        } => {
            let flow = cx.run(body, frame).await;
            let Flow::Raised(error) = flow else {
                return flow;
            };
            cx.put(frame, into.as_ref(), cx.state.error(error));
            return cx.run(otherwise, frame).await;
        }
        Action::AsCompleted { calls, into, body } => {
            return group::as_completed(cx, (step.id, calls), into.as_ref(), body, frame).await;
        }
        Action::Buffered {
            calls,
            most,
            unordered,
            into,
            body,
        } => {
            let buffer = Buffer {
                most: *most as usize,
                unordered: *unordered,
            };
            return streams::buffered(cx, (calls, buffer), into.as_ref(), body, frame).await;
        }
        Action::Interval {
            name,
            period,
            missed,
        } => streams::interval(cx, name, cx.length(period, frame), *missed, frame),
        Action::Subscribe(channel) => broadcast::subscribe(cx, *channel, frame),
        Action::ReceiveEach {
            channel,
            into,
            lost,
        } => {
            let (value, many) = broadcast::receive_each(cx, *channel, frame).await;
            cx.put(frame, into.as_ref(), value);
            cx.put(frame, lost.as_ref(), Value::Integer(many));
        }
        Action::Tick { name, .. } => streams::tick(cx, name, frame).await,
        Action::Join { calls, into } => return several::join(cx, calls, into, frame).await,
        Action::Select { arms, biased } => {
            return select::select(cx, arms, *biased, frame).await;
        }
        Action::Timeout {
            limit,
            body,
            otherwise,
        } => {
            let limit = cx.length(limit, frame);
            return timer::timeout(cx, step.id, limit, (body, otherwise), frame).await;
        }
        Action::Lock { lock, reads, body } => {
            return lock::lock(cx, (*lock, *reads), body, frame).await;
        }
        Action::Read { variable, into } => {
            let value = cx.value(&Expression::Variable(*variable), frame);
            cx.set(frame, into, value);
        }
        Action::Write { variable, value } => {
            let value = cx.value(value, frame);
            let (state, actor) = (&cx.state, cx.actor());
            state.values.write(&state.recorder, actor, *variable, value);
        }
        Action::Send {
            channel,
            value,
            is_unsafe,
        } => {
            lock::send(cx, *channel, cx.value(value, frame), *is_unsafe).await;
        }
        Action::Notify { event, how } => lock::notify(cx, *event, *how),
        Action::WaitFor(event) => lock::wait_for(cx, *event).await,
        Action::Receive { channel, into } => {
            let value = lock::receive(cx, *channel).await;
            cx.put(frame, into.as_ref(), value);
        }
        Action::BlockOn {
            call,
            on,
            into,
            limit,
            otherwise,
        } => {
            let limit = limit.as_ref().map(|limit| cx.length(limit, frame));
            let place = on.map(place);
            return match task::block_on(cx, step.id, call, place, limit, frame) {
                Ok(end) => cx.keep(end, into.as_ref(), frame),
                Err(Flow::Halted) => Flow::Halted,
                Err(_) => cx.run(otherwise, frame).await,
            };
        }
        Action::Background(call) => {
            if let Some(reply) = &cx.reply {
                reply.after(call.function, cx.arguments(call, frame));
            }
        }
        Action::Chunk(text) => request::chunk(cx, cx.text(step.id, text, frame)).await,
        Action::ReadFile(size) => return request::read_file(cx, step.id, *size).await,
        Action::Abort(name) => task::abort(cx, name, frame),
        Action::BlockInPlace(body) => return block_in_place(cx, body, frame),
        Action::If {
            condition,
            then,
            otherwise,
        } => {
            let holds = cx.value(condition, frame).holds();
            let body = if holds { then } else { otherwise };
            return cx.run(body, frame).await;
        }
        Action::Repeat { times, until, body } => {
            for _ in 0..*times {
                if !cx.state.goes_on() {
                    return Flow::Halted;
                }
                let flow = cx.run(body, frame).await;
                if flow != Flow::Continue {
                    return flow;
                }
                let over = until.as_ref().map(|until| cx.value(until, frame));
                if over.is_some_and(|over| over.holds()) {
                    break;
                }
            }
        }
        Action::Stop { polite } => request::stop(cx, *polite),
        Action::Respond(text) => {
            request::respond(cx, frame.function, cx.text(step.id, text, frame))
        }
        Action::Return(text) => {
            if let Some(text) = text {
                frame.set_result(cx.text_value(text, frame));
            }
            return Flow::Return;
        }
    }
    Flow::Continue
}

/// Holds this thread, asleep or computing.
fn hold(cx: &Context, kind: BlockKind, length: Nanos) -> Flow {
    let host = &cx.state.host;
    let whole = cx.hold(kind, || match kind {
        BlockKind::Sleep => host.block(length),
        _ => host.cpu(length, kind == BlockKind::Native),
    });
    if whole { Flow::Continue } else { Flow::Halted }
}

/// Runs a body while another thread takes the loop over. It waits at no await.
fn block_in_place(cx: &Context, body: &[Step], frame: &Frame) -> Flow {
    let recorder = &cx.state.recorder;
    tokio::task::block_in_place(|| {
        recorder.record(EventKind::RoleChanged {
            thread: recorder.thread(),
            role: loopscope_trace::ThreadRole::Pool,
        });
        at_once(cx.run(body, frame)).unwrap_or(Flow::Continue)
    })
}
