//! How a body goes on after a step, and a future that is run on the spot.

use std::future::{Future, pending};
use std::pin::pin;
use std::task;
use std::task::{Poll, Waker};

use crate::scenario::model::expression::Value;

/// How a body goes on after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// With the next step.
    Continue,
    /// Not at all: the function is left.
    Return,
    /// Not at all: the run was halted.
    Halted,
}

impl Flow {
    /// What a caller makes of how a function ended.
    pub(crate) const fn of_call(self) -> Self {
        match self {
            Self::Halted => Self::Halted,
            Self::Continue | Self::Return => Self::Continue,
        }
    }
}

/// Runs a body that waits at no await: one poll is its whole life. `None` where it did wait.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut task::Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}

/// What a function without a result returns, in the words of the first listing.
pub(crate) fn nothing() -> Value {
    Value::Text("None".to_owned())
}

/// Waits for ever where the run was halted: the shutdown drops the task where it stands.
pub(crate) async fn unless_halted(flow: Flow) {
    if flow == Flow::Halted {
        pending::<()>().await;
    }
}
