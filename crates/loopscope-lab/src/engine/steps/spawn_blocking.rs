//! The step `spawn_blocking`: work for a thread pool.

use loopscope_trace::{FunctionId, PoolId};

use crate::engine::steps::context::Context;
use crate::engine::steps::flow::{Flow, at_once};
use crate::engine::steps::frame::{Frame, Started};
use crate::engine::steps::job::{Job, JobSpec, queue};
use crate::scenario::model::expression::Value;
use crate::scenario::model::step::{Step, Work};

/// What a job runs.
pub(crate) enum Body {
    /// Steps that stand in place.
    Inline(Vec<Step>),
    /// A plain function.
    Function(FunctionId),
}

/// Runs a job's body on this thread; nothing where the run was halted.
pub(crate) fn perform(cx: &Context, body: &Body, frame: &Frame) -> Option<Value> {
    let body = match body {
        Body::Inline(body) => body,
        Body::Function(function) => &cx.state.function(*function)?.body,
    };
    match at_once(cx.run(body, frame)) {
        Some(Flow::Halted) | None => None,
        Some(Flow::Continue | Flow::Return) => Some(frame.result()),
    }
}

/// Starts work on a pool, and waits for it unless it is kept under a name or detached.
pub(crate) async fn spawn_blocking(
    cx: &Context,
    work: &Work,
    pool: Option<PoolId>,
    (name, detach): (Option<&String>, bool),
    frame: &Frame,
) -> Flow {
    let (body, inner) = prepare(cx, work, frame);
    let job = start_job(cx, cx.name_of_job(work), pool, body, inner);
    if let Some(name) = name {
        frame.keep(name, Started::Job(job));
    } else if !detach {
        let _ = job.finish(cx.cell()).await;
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
            (Body::Function(call.function), Frame::new(params, arguments))
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
