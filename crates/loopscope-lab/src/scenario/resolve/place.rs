//! Where a body stands, and so what can be done in it.

use crate::scenario::schema::row::{Fact, StepRow};

/// What runs a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
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
    pub(crate) ground: Ground,
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

    pub(crate) const fn on(self, ground: Ground) -> Self {
        Self {
            ground,
            ..self.branch()
        }
    }

    /// Why nothing can be awaited here, where that is so.
    pub(crate) const fn plain(self) -> Option<&'static str> {
        match self.ground {
            Ground::Async => None,
            Ground::Plain => {
                Some("a plain function has no loop to wait on: make it async, or use `block`")
            }
            Ground::Job => Some("a pool job has no loop to wait on: use `block`"),
            Ground::Process => Some("a child process has no loop to wait on: use `block`"),
            Ground::InPlace => {
                Some("`block_in_place` has no loop to wait on: put this step before or after it")
            }
        }
    }

    /// Why a step makes no sense here although nothing is awaited, where that is so.
    pub(crate) fn odd(self, row: &StepRow) -> Option<&'static str> {
        match (self.ground, row.key) {
            (Ground::Process, _) if row.facts.contains(&Fact::Shares) => Some(
                "a child process shares nothing with the server: do this before or after `process`",
            ),
            (_, "background") if !self.route => {
                Some("no request reaches this function: there is no response to come after")
            }
            (_, "chunk") if !self.route => {
                Some("no request reaches this function: give it a route")
            }
            (Ground::Job | Ground::Process | Ground::InPlace, "chunk") => {
                Some("a piece is sent by the function itself: put it after this step")
            }
            _ => None,
        }
    }
}
