//! Loops that a thread does not wake when it puts a value into one of their queues: the task that waits for the value
//! is woken together with the next task of that loop.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use parking_lot::Mutex;
use pin_project_lite::pin_project;

use crate::engine::clock::iteration::Ready;

thread_local! {
    static PAST_THE_LOOP: Cell<bool> = const { Cell::new(false) };
}

/// Does something on this thread that wakes no loop that sleeps.
pub(crate) fn past_the_loop(put: impl FnOnce()) {
    PAST_THE_LOOP.set(true);
    put();
    PAST_THE_LOOP.set(false);
}

/// A loop, and the tasks on it that could go on, had it been told.
#[derive(Debug, Default)]
pub(crate) struct Unwoken(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    asleep: bool,
    tasks: Vec<Waker>,
}

impl Unwoken {
    /// The loop is about to sleep.
    pub(crate) fn parks(&self) {
        // With a task that has just been woken it does not.
        if Ready::now().is_empty() {
            self.0.lock().asleep = true;
        }
    }

    /// The loop goes on: so does what it was not told of.
    pub(crate) fn goes_on(&self) {
        let mut inner = self.0.lock();
        inner.asleep = false;
        let tasks = std::mem::take(&mut inner.tasks);
        drop(inner);
        tasks.into_iter().for_each(Waker::wake);
    }

    /// Keeps a task whose loop sleeps and is not told; else hands it back.
    fn keep(&self, task: &Waker) -> bool {
        let mut inner = self.0.lock();
        if PAST_THE_LOOP.get() && inner.asleep {
            inner.tasks.push(task.clone());
            return true;
        }
        false
    }

    /// The run is over: nothing goes on any more.
    pub(crate) fn forget(&self) {
        let tasks = std::mem::take(&mut self.0.lock().tasks);
        drop(tasks);
    }
}

/// Wakes a task, and before it those that its loop was not told of.
struct Told {
    own: Arc<Unwoken>,
    task: Waker,
}

impl Wake for Told {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.own.keep(&self.task) {
            self.own.goes_on();
            self.task.wake_by_ref();
        }
    }
}

pin_project! {
    /// A task on a loop that may not be told of what can go on.
    pub(crate) struct Telling<F> {
        own: Option<Arc<Unwoken>>,
        kept: Option<(Waker, Waker)>,
        #[pin]
        inner: F,
    }
}

/// Lets the wakes of `future` pass by its loop, where that may happen in this run.
pub(crate) fn telling<F: Future>(own: Option<Arc<Unwoken>>, inner: F) -> Telling<F> {
    Telling {
        own,
        kept: None,
        inner,
    }
}

impl<F: Future> Future for Telling<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(own) = this.own else {
            return this.inner.poll(context);
        };
        own.goes_on();
        let outer = context.waker();
        let stale = |(kept, _): &(Waker, Waker)| !kept.will_wake(outer);
        if this.kept.as_ref().is_none_or(stale) {
            let told = Waker::from(Arc::new(Told {
                own: Arc::clone(own),
                task: outer.clone(),
            }));
            *this.kept = Some((outer.clone(), told));
        }
        match this.kept {
            Some((_, told)) => this.inner.poll(&mut Context::from_waker(told)),
            None => this.inner.poll(context),
        }
    }
}
