//! The lanes in the order of drawing: the story's own first, then those that loopscope adds.

use crate::widgets::stage_view::StageView;
use loopscope_timeline::{Lane, LaneKind};
use loopscope_trace::TaskRole;

/// More requests than this are drawn as cells.
pub(crate) const CROWD: usize = 12;

/// Whether the requests or tasks of a view are too many for lanes.
pub(crate) fn crowd(view: &StageView) -> bool {
    // One lane is no crowd.
    if view.look.only {
        return false;
    }
    let planned = view.timeline.story().planned.len();
    planned
        .max(view.world.requests.len())
        .max(Lanes::of(view).tasks)
        > CROWD
}

/// An accept task and a heartbeat for each of a few loops; those of further ones stand among the
/// story's own.
const ADDED: usize = 8;

/// The lanes at the playhead in drawing order: the story's own, then accept and heartbeat.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lanes {
    /// Places of the lanes that loopscope adds, in order; those behind `added` are `MAX`.
    infra: [usize; ADDED],
    /// The same in drawing order: the heartbeats stand last, whatever was spawned first.
    order: [usize; ADDED],
    /// How many of `infra` there are.
    added: usize,
    /// How many lanes have appeared.
    seen: usize,
    /// How many of the story's own there are.
    tasks: usize,
}

impl Lanes {
    /// The lanes that have appeared at the playhead of `view`.
    pub fn of(view: &StageView) -> Self {
        let lanes = view.timeline.lanes();
        let seen = lanes.partition_point(|lane| lane.from <= view.moment.at);
        let mut found = Self {
            infra: [usize::MAX; ADDED],
            seen,
            ..Self::default()
        };
        // They are spawned before anything else; a few rows suffice however long the trace is.
        for (place, lane) in lanes[..seen].iter().enumerate().take(64) {
            if found.added < ADDED && is_added(view, lane) {
                found.infra[found.added] = place;
                found.added += 1;
            }
        }
        found.order = found.infra;
        found.order[..found.added].sort_by_key(|&place| {
            lanes
                .get(place)
                .is_some_and(|lane| is_heartbeat(view, lane))
        });
        found.tasks = found.seen - found.added;
        found
    }

    /// How many of the story's own there are.
    pub fn story(&self) -> usize {
        self.tasks
    }

    /// All of them.
    pub fn all(&self) -> usize {
        self.seen
    }

    /// The lane in row `row`: the story's own first, then accept and heartbeat.
    pub fn get<'a>(&self, view: &StageView<'a>, row: usize) -> Option<&'a Lane> {
        let place = if row < self.tasks {
            let mut place = row;
            for added in &self.infra[..self.added] {
                place += usize::from(*added <= place);
            }
            place
        } else {
            *self.order[..self.added].get(row - self.tasks)?
        };
        view.timeline.lanes().get(place)
    }
}

/// Whether loopscope added the lane: the accept task, the heartbeat.
pub(crate) fn is_added(view: &StageView, lane: &Lane) -> bool {
    role(view, lane).is_some_and(|role| !role.is_story())
}

/// Whether it is the heartbeat's lane.
pub(crate) fn is_heartbeat(view: &StageView, lane: &Lane) -> bool {
    role(view, lane) == Some(TaskRole::Heartbeat)
}

fn role(view: &StageView, lane: &Lane) -> Option<TaskRole> {
    match lane.kind {
        LaneKind::Task(task) => Some(view.world.tasks.get(task.index())?.role),
        LaneKind::Request(_) | LaneKind::Job(_) => None,
    }
}
