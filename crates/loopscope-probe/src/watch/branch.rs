//! Futures inside a task: one of several that it polls side by side, and a coroutine before its task.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use loopscope_trace::{EventKind, Outcome, TaskId};
use pin_project_lite::pin_project;

use crate::record::current::Announcement;
use crate::record::recorder::Recorder;
use crate::watch::cell::{TaskCell, TracedWaker, Wakers};
use crate::watch::spawn::tell;

/// A future on the heap.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

pin_project! {
    /// One of several futures that a task polls side by side; its wakes tell what this one waited
    /// for.
    pub struct Branch<F> {
        #[pin]
        inner: F,
        cell: Arc<TaskCell>,
        waker: Wakers,
    }
}

impl<F: Future> Branch<F> {
    /// Wraps a future whose program waits through `cell`.
    pub const fn new(cell: Arc<TaskCell>, inner: F) -> Self {
        Self {
            inner,
            cell,
            waker: None,
        }
    }
}

impl<F: Future> Future for Branch<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let waker = TracedWaker::round(this.waker, this.cell, context.waker());
        this.inner.poll(&mut Context::from_waker(waker))
    }
}

/// A future that was made and not spawned: no task of tokio's, but one in the trace, which ends when the future has run or is dropped.
pub struct Coroutine<T> {
    inner: Option<Boxed<'static, T>>,
    recorder: Recorder,
    task: TaskId,
    outcome: Outcome,
}

impl<T> Coroutine<T> {
    /// Announces the coroutine.
    pub fn new(
        recorder: &Recorder,
        mut announcement: Announcement,
        inner: Boxed<'static, T>,
    ) -> Self {
        announcement.task = recorder.new_task();
        tell(recorder, &announcement);
        Self {
            inner: Some(inner),
            recorder: recorder.clone(),
            task: announcement.task,
            outcome: Outcome::NeverPolled,
        }
    }

    /// The provisional id.
    pub const fn id(&self) -> TaskId {
        self.task
    }

    fn end(&mut self) {
        // The future first: what it drops still belongs to it.
        if self.inner.take().is_some() {
            self.recorder.record(EventKind::TaskEnded {
                task: self.task,
                outcome: self.outcome,
            });
        }
    }
}

impl<T> Future for Coroutine<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let this = self.get_mut();
        this.outcome = Outcome::Cancelled;
        let Some(inner) = &mut this.inner else {
            return Poll::Pending;
        };
        let result = inner.as_mut().poll(context);
        if result.is_ready() {
            this.outcome = Outcome::Completed;
            this.end();
        }
        result
    }
}

impl<T> Drop for Coroutine<T> {
    fn drop(&mut self) {
        if std::thread::panicking() && self.outcome == Outcome::Cancelled {
            self.outcome = Outcome::Panicked;
        }
        self.end();
    }
}
