//! Several at once: as tasks (`gather`, `as_completed`), or side by side in one (`join`, `select`,
//! `timeout`).

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::macros::support::thread_rng_n;
use tokio::task::{JoinHandle, coop};

use super::cx::Cx;
use super::flow::Flow;
use super::frame::Frame;
use super::interpret::{function, run};
use super::values::nothing;
use crate::scenario::{Call, Step, Value};
use loopscope_probe::{Boxed, Branch};
use loopscope_trace::{EventKind, Nanos, StepId, WaitOn};

/// A task of several, and the place of its call; `None` once its result has been taken.
type Child = Option<(usize, JoinHandle<Value>)>;

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Writes results into the locals that are there for them.
fn put_all(frame: &Frame, into: &[String], values: Vec<Value>) {
    for (name, value) in into.iter().zip(values) {
        frame.set(name, value);
    }
}

impl Cx {
    fn children(&self, calls: &[Call], frame: &Frame) -> Vec<Child> {
        let spawned = calls.iter().enumerate().map(|(place, call)| {
            let name = self.name_of(call);
            Some((place, self.launch_child(call, &name, None, frame).1))
        });
        spawned.collect()
    }

    /// As asyncio does it: each becomes a task at once, then all are waited for.
    pub(super) async fn gather(&self, calls: &[Call], into: &[String], frame: &Frame) {
        let children = self.children(calls, frame);
        let all = children.len();
        let mut values = Vec::with_capacity(all);
        for (place, handle) in children.into_iter().flatten() {
            let on = WaitOn::Tasks(count(all - place));
            values.push(self.end_of(on, handle).await);
        }
        put_all(frame, into, values);
    }

    /// Does a body for each of the tasks that ends, in the order in which they end.
    pub(super) async fn as_completed(
        &self,
        calls: &[Call],
        into: Option<&String>,
        body: &[Step],
        frame: &Frame,
    ) -> Flow {
        let mut children = self.children(calls, frame);
        let mut ended = Vec::new();
        for taken in 0..children.len() {
            let on = WaitOn::Tasks(count(children.len() - taken));
            let mut told = false;
            let value = poll_fn(|context| {
                collect(&mut children, &mut ended, context);
                if ended.is_empty() {
                    if !told {
                        told = true;
                        self.waits_for(on);
                    }
                    return Poll::Pending;
                }
                Poll::Ready(ended.remove(0))
            })
            .await;
            frame.put(into, value);
            let flow = run(self, body, frame).await;
            if flow != Flow::On {
                return flow;
            }
        }
        Flow::On
    }

    /// `join!`: polls all in this very task until all have ended.
    pub(super) async fn join(&self, calls: &[Call], into: &[String], frame: &Frame) -> Flow {
        let parts: Vec<Cx> = calls.iter().map(|_| self.branch()).collect();
        let mut branches: Vec<_> = parts
            .iter()
            .zip(calls)
            .map(|(cx, call)| {
                let body = function(cx, call.function, self.arguments(call, frame));
                Some(cx.side(body))
            })
            .collect();
        let mut results: Vec<Option<(Flow, Value)>> = branches.iter().map(|_| None).collect();
        poll_fn(|context| {
            let mut left = 0;
            for (branch, result) in branches.iter_mut().zip(&mut results) {
                let Some(future) = branch else { continue };
                match Pin::new(future).poll(context) {
                    Poll::Ready(done) => {
                        *result = Some(done);
                        *branch = None;
                    }
                    Poll::Pending => left += 1,
                }
            }
            if left == 0 {
                return Poll::Ready(());
            }
            self.waits_for(WaitOn::Futures(left));
            Poll::Pending
        })
        .await;
        let results: Vec<_> = results.into_iter().flatten().collect();
        let halted = results.iter().any(|(flow, _)| *flow == Flow::Halted);
        put_all(
            frame,
            into,
            results.into_iter().map(|(_, value)| value).collect(),
        );
        if halted { Flow::Halted } else { Flow::On }
    }

    /// `select!`: polls all in this very task until the first has ended, and drops the others
    /// where they stand. Like tokio's it begins with a random one.
    pub(super) async fn select(&self, bodies: &[Vec<Step>], frame: &Frame) -> Flow {
        let parts: Vec<Cx> = bodies.iter().map(|_| self.branch()).collect();
        let mut branches: Vec<_> = parts
            .iter()
            .zip(bodies)
            .map(|(cx, body)| cx.side(run(cx, body, frame)))
            .collect();
        let all = branches.len();
        poll_fn(|context| {
            let first = thread_rng_n(count(all).max(1)) as usize;
            for place in 0..all {
                let branch = &mut branches[(first + place) % all];
                if let Poll::Ready(flow) = Pin::new(branch).poll(context) {
                    return Poll::Ready(flow);
                }
            }
            self.waits_for(WaitOn::Futures(count(all)));
            Poll::Pending
        })
        .await
    }

    /// Does a body, for so long at most. The body has the first look, as in tokio and asyncio: one
    /// that has ended late has ended.
    pub(super) async fn timeout(
        &self,
        step: StepId,
        limit: Nanos,
        (body, otherwise): (&[Step], &[Step]),
        frame: &Frame,
    ) -> Flow {
        let inner = self.branch();
        let mut branch = inner.side(run(&inner, body, frame));
        let timer = self.branch();
        if let Some(cell) = timer.cell() {
            cell.expects_timer();
        }
        // A body that has used up the turn's budget must not hide that the time has run out.
        let sleep = coop::unconstrained(self.stage.host.sleep(limit));
        let mut sleep = timer.side(Box::pin(sleep));
        let flow = poll_fn(|context| {
            if let Poll::Ready(flow) = Pin::new(&mut branch).poll(context) {
                return Poll::Ready(Some(flow));
            }
            Pin::new(&mut sleep).poll(context).map(|()| None)
        })
        .await;
        if let Some(flow) = flow {
            return flow;
        }
        let actor = self.actor();
        self.stage
            .recorder
            .record(EventKind::TimedOut { actor, step });
        drop(branch);
        run(self, otherwise, frame).await
    }

    /// A future of this branch; in a job there is nobody to wake.
    fn side<'a, T>(&self, future: Boxed<'a, T>) -> Side<'a, T> {
        match self.cell() {
            Some(cell) => Side::Task(Branch::new(cell.clone(), future)),
            None => Side::Job(future),
        }
    }
}

/// One of several futures side by side.
enum Side<'a, T> {
    Task(Branch<Boxed<'a, T>>),
    Job(Boxed<'a, T>),
}

impl<T> Future for Side<'_, T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match self.get_mut() {
            Self::Task(branch) => Pin::new(branch).poll(context),
            Self::Job(future) => future.as_mut().poll(context),
        }
    }
}

/// Takes the results of all that have ended since the last look.
fn collect(children: &mut [Child], ended: &mut Vec<Value>, context: &mut Context<'_>) {
    for child in children {
        let Some((_, handle)) = child else { continue };
        if let Poll::Ready(result) = Pin::new(handle).poll(context) {
            ended.push(result.unwrap_or_else(|_| nothing()));
            *child = None;
        }
    }
}
