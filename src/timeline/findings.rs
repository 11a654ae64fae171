//! What the events prove, found while they happen.

use super::insight::{Insight, InsightKind};
use super::lanes::Lanes;
use super::task_state::State;
use super::world::World;
use crate::trace::{EventKind, Nanos, Story, TaskId};

/// The findings so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    all: Vec<Insight>,
}

impl Findings {
    pub(super) fn new(_story: &Story) -> Self {
        Self::default()
    }
    pub(super) fn all(&self) -> &[Insight] {
        &self.all
    }
    pub(super) fn at(&self, _world: &World) -> Vec<Insight> {
        self.all.clone()
    }
    pub(super) fn next_due(&self, _world: &World) -> Option<Nanos> {
        None
    }
    pub(super) fn next_news(&mut self) -> Option<InsightKind> {
        None
    }
    pub(super) fn fire(&mut self, _world: &World, _lanes: &Lanes) {}
    pub(super) fn grow(&mut self, _world: &World) {}
    pub(super) fn event(&mut self, _world: &World, _lanes: &Lanes, _kind: EventKind) {}
    pub(super) fn task_moved(
        &mut self,
        _world: &World,
        _lanes: &Lanes,
        _task: TaskId,
        _from: State,
        _to: State,
    ) {
    }
}
