//! A task under CPython's lock: its loop needs the lock for each of its turns.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};

use loopscope_probe::detail;
use loopscope_trace::Detail;
use pin_project_lite::pin_project;

use crate::engine::clock::gil::Gil;

pin_project! {
    /// A future whose every turn needs the lock, where there is one. A loop whose parks are seen keeps it for its
    /// next turn.
    pub(crate) struct Polled<F> {
        gil: Option<Arc<Gil>>,
        #[pin]
        inner: F,
    }
}

/// Lets `future` hold the lock during each of its turns.
pub(crate) fn polled<F: Future>(gil: Option<Arc<Gil>>, future: F) -> Polled<F> {
    Polled { gil, inner: future }
}

impl<F: Future> Future for Polled<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        match this.gil.as_deref() {
            Some(gil) if detail() == Detail::Full => {
                gil.hold_on();
                this.inner.poll(context)
            }
            gil => {
                let _held = gil.map(Gil::hold);
                this.inner.poll(context)
            }
        }
    }
}
