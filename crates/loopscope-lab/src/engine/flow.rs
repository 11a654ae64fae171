//! How a body goes on after a step, and a future that is run on the spot.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// How a body goes on after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// With the next step.
    On,
    /// Not at all: the function is left.
    Left,
    /// Not at all: the run was halted.
    Halted,
}

impl Flow {
    /// What a caller makes of how a function ended.
    pub(super) const fn of_call(self) -> Self {
        match self {
            Self::Halted => Self::Halted,
            Self::On | Self::Left => Self::On,
        }
    }
}

/// Runs a body that waits at no await: one poll is its whole life. `None` where it did wait.
pub(super) fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}
