//! Where a body stands, what can be done in it, and what is known while the bodies of one
//! function are read.

use std::ops::Range as Span;

use loopscope_trace::{ChannelId, FunctionId};

use crate::scenario::model::expression::Length;
use crate::scenario::resolve::program::Program;
use crate::scenario::schema::row::{Fact, StepRow};
use crate::scenario::text::finder::Finder;

/// What runs a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Executor {
    /// A task on a loop.
    Async,
    /// A plain function: it runs on a thread of the pool, or where its caller runs.
    Plain,
    /// A job on a pool thread.
    Job,
    /// A job in a child process.
    Process,
    /// A task that has handed its loop over.
    InPlace,
}

/// Where a body stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) executor: Executor,
    /// Its function has a route.
    pub(crate) route: bool,
    /// It is what a `repeat` does, so leaving ends it in its first round.
    pub(crate) round: bool,
}

impl Place {
    /// A body inside this one that is done at most once a round.
    pub(crate) const fn branch(self) -> Self {
        Self {
            round: false,
            ..self
        }
    }

    pub(crate) const fn repeated(self) -> Self {
        Self {
            round: true,
            ..self
        }
    }

    pub(crate) const fn on(self, executor: Executor) -> Self {
        Self {
            executor,
            ..self.branch()
        }
    }

    /// Why nothing can be awaited here, where that is so.
    pub(crate) const fn plain(self) -> Option<&'static str> {
        match self.executor {
            Executor::Async => None,
            Executor::Plain => {
                Some("a plain function has no loop to wait on: make it async, or use `block`")
            }
            Executor::Job => Some("a pool job has no loop to wait on: use `block`"),
            Executor::Process => Some("a child process has no loop to wait on: use `block`"),
            Executor::InPlace => {
                Some("`block_in_place` has no loop to wait on: put this step before or after it")
            }
        }
    }

    /// Why a step makes no sense here although nothing is awaited, where that is so.
    pub(crate) fn odd(self, row: &StepRow) -> Option<&'static str> {
        match (self.executor, row.key) {
            (Executor::Process, _) if row.facts.contains(&Fact::Shares) => Some(
                "a child process shares nothing with the server: do this before or after `process`",
            ),
            (_, "background") if !self.route => {
                Some("no request reaches this function: there is no response to come after")
            }
            (_, "chunk") if !self.route => {
                Some("no request reaches this function: give it a route")
            }
            (Executor::Job | Executor::Process | Executor::InPlace, "chunk") => {
                Some("a piece is sent by the function itself: put it after this step")
            }
            _ => None,
        }
    }
}

/// Reads the bodies of one function.
#[derive(Debug)]
pub(crate) struct Bodies<'a, 'f, 's> {
    pub(crate) program: &'a mut Program,
    pub(crate) finder: &'f mut Finder<'s>,
    pub(crate) function: FunctionId,
    /// All that the function has started; what a body that is over started is out of reach.
    pub(crate) started: Vec<Started>,
    /// The intervals that it has made, and their periods.
    pub(crate) intervals: Vec<(String, Length)>,
    /// The broadcasts that it is a receiver of.
    pub(crate) subscribed: Vec<ChannelId>,
    /// What was started before this place cannot be awaited: it would be in each round, or on
    /// another thread.
    pub(crate) barrier: usize,
    /// Parameters, and the locals that have a value on every way to this step.
    pub(crate) known: Vec<String>,
    /// Every name of the function, whether it has a value here or not.
    pub(crate) own: Vec<(String, NameKind)>,
    /// The step that was read last leaves the function on every way through it.
    pub(crate) leaving: bool,
}

impl Bodies<'_, '_, '_> {
    /// A mistake at `span`, and its cure.
    pub(crate) fn help(
        &mut self,
        code: &'static str,
        span: Span<usize>,
        message: String,
        help: impl Into<String>,
    ) {
        self.finder.help(code, span, message, help);
    }
}

/// What a name of a function stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameKind {
    Param,
    Local,
    Task,
    /// A task or job that is left running: nothing in the function refers to it.
    Detached,
}

impl NameKind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Param => "parameter",
            Self::Local => "local",
            Self::Task | Self::Detached => "task",
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
    /// A `select` polls it by reference.
    pub(crate) polled: bool,
    pub(crate) aborted: bool,
}
