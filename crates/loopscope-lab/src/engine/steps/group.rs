//! Tasks that a body starts together and waits for: `gather`, `group`, `as_completed`.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};

use loopscope_trace::{StepId, TextId, WaitOn};

use crate::engine::state::listed::Written;
use crate::engine::steps::cancel::{Awaited, Cancelled, settle};
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::job::{End, Flow, let_pass};
use crate::engine::steps::launch::launch;
use crate::scenario::model::expression::{Call, Value};
use crate::scenario::model::step::Step;

/// A number of tasks or futures.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Writes results into the locals that are there for them.
pub(crate) fn put_all(cx: &Context, frame: &Frame, into: &[String], values: Vec<Value>) {
    for (name, value) in into.iter().zip(values) {
        cx.set(frame, name, value);
    }
}

impl Context {
    /// Whether an error may leave a function that is called.
    pub(crate) fn fails_in(&self, call: &Call) -> bool {
        let function = self.state.function(call.function);
        function.is_some_and(|function| function.fails)
    }

    /// An error that leaves a body.
    pub(crate) fn raised(&self, says: &str) -> Flow {
        Flow::Raised(self.state.recorder.intern(says))
    }
}

/// A task of several, or what it came to.
enum Child {
    Runs(Awaited),
    Ended(End, Cancelled),
    /// What it came to has been taken.
    Taken,
}

/// Tasks that were started together, in the order of their calls.
struct Children {
    all: Vec<Child>,
    /// Whether an error may leave each of them, and is waited for.
    fails: Vec<bool>,
    /// Those that have ended and are not taken, in the order in which that was seen.
    ended: VecDeque<usize>,
}

impl Children {
    fn start(cx: &Context, (step, calls): (StepId, &[Call]), cancels: bool, frame: &Frame) -> Self {
        let _at = cx.state.listed.at(Written::Step(step));
        let spawned = calls.iter().map(|call| {
            let task = launch(cx, call, &cx.name_of(call), None, frame);
            Child::Runs(cx.awaits(task, cancels))
        });
        Self {
            all: spawned.collect(),
            fails: calls.iter().map(|call| cx.fails_in(call)).collect(),
            ended: VecDeque::new(),
        }
    }

    fn waits(&self) -> bool {
        let runs = |child: &Child| matches!(child, Child::Runs(task) if task.on().is_some());
        self.all.iter().any(runs)
    }

    /// Waits for each after the other, and all the while for an error of those that may have one: the first.
    async fn wait(&mut self, cx: &Context) -> Option<TextId> {
        for place in 0..self.all.len() {
            let on = WaitOn::Tasks(count(self.all.len() - place));
            let mut noted = false;
            let failed = poll_fn(|context| {
                let failed = self.look(place, context);
                if failed.is_some() || !matches!(self.all[place], Child::Runs(_)) {
                    return Poll::Ready(failed);
                }
                if !std::mem::replace(&mut noted, true) {
                    cx.waits_for(on);
                }
                Poll::Pending
            });
            if let Some(error) = failed.await {
                return Some(error);
            }
            if let Child::Ended(_, cancelled) = &self.all[place] {
                settle(Arc::clone(cancelled), |on| cx.waits_for(on)).await;
            }
        }
        None
    }

    /// Looks at the one at a place, and at those behind it that may fail.
    fn look(&mut self, place: usize, context: &mut task::Context<'_>) -> Option<TextId> {
        let children = self.all.iter_mut().zip(&self.fails).enumerate();
        for (at, (child, fails)) in children.skip(place) {
            if at > place && !fails {
                continue;
            }
            if let Child::Runs(task) = child
                && let Poll::Ready((end, cancelled)) = Pin::new(task).poll(context)
            {
                let error = end.as_ref().err().copied().filter(|_| *fails);
                *child = Child::Ended(end, cancelled);
                if error.is_some() {
                    return error;
                }
            }
        }
        None
    }

    /// The next that has ended, if one has.
    fn next(&mut self, context: &mut task::Context<'_>) -> Poll<End> {
        for (at, child) in self.all.iter_mut().enumerate() {
            if let Child::Runs(task) = child
                && let Poll::Ready((end, cancelled)) = Pin::new(task).poll(context)
            {
                *child = Child::Ended(end, cancelled);
                self.ended.push_back(at);
            }
        }
        let Some(at) = self.ended.pop_front() else {
            return Poll::Pending;
        };
        match std::mem::replace(&mut self.all[at], Child::Taken) {
            Child::Ended(end, _) => Poll::Ready(end),
            _ => Poll::Pending,
        }
    }
}

/// As asyncio does it: each becomes a task at once, then all are waited for. The first error goes to the
/// waiter, and the others go on; with `keeps` errors are results as any other.
pub(crate) async fn gather(
    cx: &Context,
    calls: (StepId, &[Call]),
    (into, keeps): (&[String], bool),
    frame: &Frame,
) -> Flow {
    let cancels = cx.state.semantics.cancels_awaited();
    let mut children = Children::start(cx, calls, cancels, frame);
    if keeps {
        children.fails.fill(false);
    }
    let waits = children.waits();
    let failed = children.wait(cx).await;
    let mut values = Vec::new();
    for child in children.all {
        match child {
            Child::Runs(task) => task.leave(),
            Child::Ended(end, _) => {
                values.push(end.unwrap_or_else(|error| cx.state.error(error)));
            }
            Child::Taken => {}
        }
    }
    if waits {
        let_pass(cx.cell(), cx.state.semantics.turns_from_work()).await;
    }
    if let Some(error) = failed {
        return Flow::Raised(error);
    }
    put_all(cx, frame, into, values);
    Flow::Continue
}

/// Runs functions as tasks; an error of one cancels the others. asyncio's group waits for their ends and raises
/// all errors as one; a `JoinSet` is dropped with what is left in it.
pub(crate) async fn group(cx: &Context, calls: (StepId, &[Call]), frame: &Frame) -> Flow {
    let mut children = Children::start(cx, calls, true, frame);
    let waits = children.waits();
    let failed = children.wait(cx).await;
    let waits_for_all = cx.state.semantics.cancels_awaited();
    let turns = cx.state.semantics.turns_from_work();
    match failed {
        Some(error) if !waits_for_all => return Flow::Raised(error),
        Some(_) => {
            let_pass(cx.cell(), turns).await;
            for child in &children.all {
                if let Child::Runs(task) = child {
                    task.abort(cx.as_cause());
                }
            }
            children.fails.fill(false);
            children.wait(cx).await;
        }
        None => {}
    }
    if waits {
        let_pass(cx.cell(), turns).await;
    }
    let failed = |child: &&Child| matches!(child, Child::Ended(Err(_), _));
    match children.all.iter().filter(failed).count() {
        0 => Flow::Continue,
        1 => cx.raised("unhandled errors in a TaskGroup (1 sub-exception)"),
        many => {
            let says = format!("unhandled errors in a TaskGroup ({many} sub-exceptions)");
            cx.raised(&says)
        }
    }
}

/// Does a body for each of the tasks that ends, in the order in which they end.
pub(crate) async fn as_completed(
    cx: &Context,
    calls: (StepId, &[Call]),
    into: Option<&String>,
    body: &[Step],
    frame: &Frame,
) -> Flow {
    let cancels = cx.state.semantics.cancels_completed();
    let mut children = Children::start(cx, calls, cancels, frame);
    let all = children.all.len();
    for taken in 0..all {
        let on = WaitOn::Tasks(count(all - taken));
        let mut noted = false;
        let end = poll_fn(|context| {
            let end = children.next(context);
            if end.is_pending() && !std::mem::replace(&mut noted, true) {
                cx.waits_for(on);
            }
            end
        });
        let flow = cx.keep(end.await, into, frame);
        if flow != Flow::Continue {
            return flow;
        }
        let flow = cx.run(body, frame).await;
        if flow != Flow::Continue {
            return flow;
        }
    }
    Flow::Continue
}
