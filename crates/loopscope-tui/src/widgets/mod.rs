//! The stage's widgets: each draws one pane into cells.
//!
//! *In:* a [`Scene`], which is what the stage was told and what follows from it. *Out:* cells.
//! *Invariant:* a widget writes only into its area, and scenario-given text only through
//! [`super::text`]. *Absent on purpose:* clocks, keys, state of their own.

pub mod asked;
pub mod bars;
pub mod code;
pub mod crowd;
pub mod figures;
pub mod found;
pub mod frame;
pub mod gil;
pub mod grid;
pub mod lanes;
pub mod letters;
pub mod metrics;
pub mod minimap;
pub mod output;
pub mod picture;
pub mod picture_loops;
pub mod picture_roomy;
pub mod pool;
pub mod prompt;
pub mod rows;
pub mod shared;
pub mod status;
pub mod strip;
pub mod threads;
pub mod why;

use super::axis::{Axis, Page};
use super::layout::{Plan, Size};
use super::screens::stage::StageView;
use super::text;
use loopscope_timeline::{Lane, LaneId, LaneKind, State};
use loopscope_trace::{Actor, Nanos, StepId, TaskRole};

/// On a page that is shorter, moments and short lengths are told in microseconds.
pub const FINE: Nanos = Nanos::from_millis(20);

/// More requests than this are drawn as cells.
pub const CROWD: usize = 12;

/// What the widgets draw from.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What the stage was told.
    pub view: &'a StageView<'a>,
    /// How much each pane may tell.
    pub size: Size,
    /// One blank row between what is left.
    pub spread: bool,
    /// The page of time.
    pub page: Page,
    /// The lanes.
    pub lanes: Lanes,
}

impl<'a> Scene<'a> {
    /// The scene of a view, laid out by `plan`.
    pub fn new(view: &'a StageView<'a>, plan: &Plan) -> Self {
        Self {
            view,
            size: plan.size,
            spread: plan.spread,
            page: view
                .look
                .zoom
                .unwrap_or_else(|| Page::at(view.timeline, view.moment.at, view.furthest)),
            lanes: Lanes::of(view),
        }
    }

    /// The playhead.
    pub fn now(&self) -> Nanos {
        self.view.moment.at
    }

    /// Columns of names before a strip, and the first column of a name, for a pane of `width`.
    pub fn names(&self, width: u16) -> (u16, u16) {
        let (x, strip) = match (self.size, width) {
            (Size::Roomy, 100..) => (2, 20),
            (Size::Roomy, 60..) => (2, 12),
            (Size::Compact, 90..) => (1, 19),
            _ => (1, 11),
        };
        (x, strip + self.says())
    }

    /// Columns between a name and its strip for the word of tokio-console.
    pub fn says(&self) -> u16 {
        if self.view.panes.says() { 14 } else { 0 }
    }

    /// The axis of a pane's strips.
    pub fn axis(&self, area: ratatui::layout::Rect) -> Axis {
        let (_, strip) = self.names(area.width);
        let strip = strip.min(area.width);
        Axis::new(self.page, area.x + strip, area.width - strip)
    }

    /// State, since when, and step of a lane at the playhead.
    pub fn state(&self, lane: LaneId) -> (State, Nanos, Option<StepId>) {
        self.view.timeline.lane_state(lane, self.view.world)
    }

    /// `A tab 1`, `accept`.
    pub fn name(&self, lane: &Lane) -> String {
        if lane.letter.is_empty() {
            text::clean(&lane.name)
        } else {
            format!("{} {}", lane.letter, text::clean(&lane.name))
        }
    }

    /// A lane's letter; a job has that of whoever handed it to the pool.
    pub fn letter(&self, lane: &'a Lane) -> &'a str {
        let parent = match lane.kind {
            LaneKind::Job(job) if lane.letter.is_empty() => self.view.world.job(job),
            _ => None,
        };
        let parent = parent
            .and_then(|job| job.parent)
            .and_then(|task| self.lane_of(Actor::Task(task)));
        parent.map_or(lane.letter.as_str(), |parent| parent.letter.as_str())
    }

    /// `A`, else `accept`.
    pub fn short(&self, lane: &Lane) -> String {
        if lane.letter.is_empty() {
            text::clean(&lane.name)
        } else {
            lane.letter.clone()
        }
    }

    /// The lane of an actor, if it has one.
    pub fn lane_of(&self, actor: Actor) -> Option<&'a Lane> {
        let timeline = self.view.timeline;
        timeline.lane(timeline.lane_of(actor)?)
    }

    /// The lane of the step that `actor` is in: how it is written, without comment.
    pub fn written(&self, step: Option<StepId>) -> Option<&'a str> {
        let step = self.view.timeline.story().step(step?)?;
        let text = match self.view.language {
            loopscope_trace::Language::Python => &step.python,
            loopscope_trace::Language::Rust => &step.rust,
        };
        (!text.is_empty()).then_some(text)
    }

    /// The line of a step in the listing on the screen; `None` where it has none.
    pub fn line(&self, step: Option<StepId>) -> Option<u32> {
        let step = self.view.timeline.story().step(step?)?;
        let line = step.line.of(self.view.language);
        (line > 0).then_some(line)
    }

    /// Whether the story's requests or tasks are too many for lanes.
    pub fn crowd(&self) -> bool {
        crowd(self.view)
    }

    /// A length as it is written: `3.40s`.
    pub fn length(&self, length: Nanos) -> String {
        if self.page.length < FINE && length < Nanos::from_millis(1) {
            format!("{}us", length.0 / 1_000)
        } else if self.page.length < Nanos::from_secs(1) {
            format!("{}s", length.thousandths())
        } else {
            format!("{}s", length.hundredths())
        }
    }
}

impl Scene<'_> {
    /// Whether a lane stands back, because only another one is looked at.
    pub fn stands_back(&self, lane: Option<LaneId>) -> bool {
        self.view.look.only && lane != self.view.selected
    }
}

/// Whether the requests or tasks of a view are too many for lanes.
pub fn crowd(view: &StageView) -> bool {
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
pub struct Lanes {
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
pub fn is_added(view: &StageView, lane: &Lane) -> bool {
    role(view, lane).is_some_and(|role| !role.is_story())
}

/// Whether it is the heartbeat's lane.
pub fn is_heartbeat(view: &StageView, lane: &Lane) -> bool {
    role(view, lane) == Some(TaskRole::Heartbeat)
}

fn role(view: &StageView, lane: &Lane) -> Option<TaskRole> {
    match lane.kind {
        LaneKind::Task(task) => Some(view.world.tasks.get(task.index())?.role),
        LaneKind::Request(_) | LaneKind::Job(_) => None,
    }
}
