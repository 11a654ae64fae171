//! What is known while the bodies of one function are read.

use std::ops::Range as Span;

use loopscope_trace::FunctionId;

use crate::scenario::resolve::program::Program;
use crate::scenario::text::finder::Finder;

/// Reads the bodies of one function.
#[derive(Debug)]
pub(crate) struct Bodies<'a, 'f, 's> {
    pub(crate) program: &'a mut Program,
    pub(crate) finder: &'f mut Finder<'s>,
    pub(crate) function: FunctionId,
    /// All that the function has started; what a body that is over started is out of reach.
    pub(crate) started: Vec<Started>,
    /// What was started before this place cannot be awaited: it would be in each round, or on
    /// another thread.
    pub(crate) barrier: usize,
    /// Parameters, and the locals that have a value on every way to this step.
    pub(crate) known: Vec<String>,
    /// Every name of the function, whether it has a value here or not.
    pub(crate) own: Vec<(String, Own)>,
    /// The step that was read last leaves the function on every way through it.
    pub(crate) leaving: bool,
}

/// What a name of a function stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    Param,
    Local,
    Task,
    /// A task or job that is left running: nothing in the function refers to it.
    Left,
}

impl Own {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Param => "parameter",
            Self::Local => "local",
            Self::Task | Self::Left => "task",
        }
    }
}

/// Something that a body has started, or made.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) name: String,
    pub(crate) span: Span<usize>,
    /// As a sentence calls it: `task`.
    pub(crate) what: &'static str,
    /// Its body is over: nothing can await it any more.
    pub(crate) gone: bool,
    pub(crate) detached: bool,
    pub(crate) awaited: bool,
    pub(crate) aborted: bool,
}
