//! The wrapper round a task's future: its wakes, its end, and, without tokio's hooks, its turns.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;

use loopscope_trace::{EventKind, Outcome, TaskId};
use pin_project_lite::pin_project;

use crate::record::current;
use crate::watch::cell::{TaskCell, TracedWaker, Wakers};

pin_project! {
    /// A task's future that tells its wakes and its end; where tokio's hooks are missing, its turns.
    pub(crate) struct Traced<F> {
        #[pin]
        inner: Option<F>,
        cell: Arc<TaskCell>,
        waker: Wakers,
        outcome: Outcome,
    }

    impl<F> PinnedDrop for Traced<F> {
        fn drop(this: Pin<&mut Self>) {
            let before = current::set_task(this.cell.id());
            let outcome = match this.outcome {
                Outcome::Cancelled if thread::panicking() => Outcome::Panicked,
                outcome => outcome,
            };
            this.end(outcome);
            current::set_task(before);
        }
    }
}

impl<F: Future> Traced<F> {
    /// Wraps `future`, which runs as the task of `cell`.
    pub(crate) fn new(cell: Arc<TaskCell>, future: F) -> Self {
        Self {
            inner: Some(future),
            cell,
            waker: None,
            outcome: Outcome::NeverPolled,
        }
    }
}

impl<F> Traced<F> {
    fn end(self: Pin<&mut Self>, outcome: Outcome) {
        let mut this = self.project();
        // The future first: what it drops still belongs to the task.
        if this.inner.is_some() {
            this.inner.set(None);
            current::set_last_ended(this.cell.id());
            this.cell.ends(outcome);
        }
    }
}

impl<F: Future> Future for Traced<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.as_mut().project();
        let turn = Turn::start(this.cell);
        this.cell.runs();
        *this.outcome = Outcome::Cancelled;
        let Some(inner) = this.inner.as_pin_mut() else {
            // Polled again after its end, which no runtime does.
            return Poll::Pending;
        };
        let waker = TracedWaker::round(this.waker, this.cell, context.waker());
        let result = inner.poll(&mut Context::from_waker(waker));
        if result.is_ready() {
            self.end(Outcome::Completed);
        }
        drop(turn);
        result
    }
}

/// Marks this thread as polling the task, also if the poll panics.
struct Turn {
    cell: Option<Arc<TaskCell>>,
    before: TaskId,
}

impl Turn {
    #[inline]
    fn start(cell: &Arc<TaskCell>) -> Self {
        let before = current::set_task(cell.id());
        if cell.recorder.hooks() {
            return Self { cell: None, before };
        }
        let thread = cell.recorder.thread();
        cell.recorder.record(EventKind::PollStarted {
            task: cell.id(),
            thread,
        });
        Self {
            cell: Some(Arc::clone(cell)),
            before,
        }
    }
}

impl Drop for Turn {
    #[inline]
    fn drop(&mut self) {
        current::set_task(self.before);
        let Some(cell) = &self.cell else { return };
        if thread::panicking() {
            // tokio ends a task before its last turn; without the hooks this is the place.
            cell.ends(Outcome::Panicked);
        }
        let thread = cell.recorder.thread();
        cell.recorder.record(EventKind::PollEnded {
            task: cell.id(),
            thread,
        });
    }
}
