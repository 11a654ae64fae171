//! The findings of a timeline.

use crate::findings::finding::{Finding, Kind};
use crate::findings::log::{Log, Now};
use crate::findings::table::Detectors;
use crate::tracks::lanes::Lanes;
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{EventKind, Nanos, TaskId};

/// The findings so far, and what may become one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    log: Log,
    detectors: Detectors,
}

impl Findings {
    pub(crate) fn all(&self) -> &[Finding] {
        &self.log.all
    }

    /// The findings as they stood at the moment of `world`.
    pub(crate) fn at(&self, world: &World) -> Vec<Finding> {
        self.log.at(world)
    }

    pub(crate) fn as_found(&self, finding: usize) -> Option<Finding> {
        self.log.as_found(finding)
    }

    /// The kind of the next finding that has not been handed on.
    pub(crate) fn next_news(&mut self) -> Option<&'static Kind> {
        self.log.next_news()
    }

    /// Lets those that go on grow to the live edge.
    pub(crate) fn grow(&mut self, world: &World) {
        self.log.grow(world.now);
    }

    /// When the next finding will be due, if nothing happens until then.
    pub(crate) fn next_due(&mut self, world: &World) -> Option<Nanos> {
        Some(self.detectors.due()?.max(world.now))
    }

    /// Time has come to a moment of [`Self::next_due`].
    pub(crate) fn fire(&mut self, world: &World, lanes: &Lanes) {
        self.detectors.fire(Now { world, lanes }, &mut self.log);
    }

    /// An event has happened.
    pub(crate) fn event(&mut self, world: &World, lanes: &Lanes, event: EventKind) {
        self.detectors
            .event(Now { world, lanes }, event, &mut self.log);
        if let EventKind::RunEnded { .. } = event {
            self.log.close_all(world.now);
        }
    }

    /// A task has gone from one state to another.
    pub(crate) fn task_moved(&mut self, world: &World, lanes: &Lanes, id: TaskId, from: State) {
        if let Some(task) = world.task(id) {
            self.detectors
                .task_moved(Now { world, lanes }, task, from, &mut self.log);
        }
    }
}
