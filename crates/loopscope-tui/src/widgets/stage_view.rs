//! What the stage is told, and the order of the lanes that follows from it.

use crate::keys::key::Hint;
use crate::layout::axis::Page;
use crate::model::prompt::Prompt;
use crate::session::events::EventList;
use crate::session::playhead::Mode;
use crate::session::votes::VoteBars;
use crate::settings::panes::Panes;
use crate::text::theme::Theme;
use crate::widgets::watched::WatchedLanes;
use loopscope_timeline::explain::Why;
use loopscope_timeline::{Lane, LaneId, LaneKind, Moment, Timeline, World};
use loopscope_trace::{Answers, Language, Nanos, TaskRole, Watched};

/// Everything that the stage shows; it keeps nothing and reads no clock.
#[derive(Clone, Copy, Debug)]
pub struct StageView<'a> {
    /// The run.
    pub timeline: &'a Timeline,
    /// The world at the playhead.
    pub world: &'a World,
    /// The playhead.
    pub moment: Moment,
    /// Of the listing.
    pub language: Language,
    /// How everything looks.
    pub theme: &'a Theme,
    /// How the stage stands to the run.
    pub mode: Mode,
    /// How fast one watches.
    pub play_speed: f64,
    /// The same in words.
    pub play: &'a str,
    /// Which panes are shown.
    pub panes: Panes,
    /// The lane that keys go to.
    pub selected: Option<LaneId>,
    /// How many lanes are scrolled away.
    pub first_lane: usize,
    /// The furthest moment that the playhead has been at: the time axis never shrinks again.
    pub furthest: Nanos,
    /// What was said about the story's questions.
    pub answers: &'a Answers,
    /// tokio-console's state, where it is on.
    pub console: Option<&'a str>,
    /// A sentence that takes the caption's place for some seconds.
    pub notice: Option<&'a str>,
    /// Requests were sent by a key.
    pub own_requests: bool,
    /// The small layout on purpose.
    pub big: bool,
    /// Which scenario of how many, in a lecture.
    pub place: Option<(usize, usize)>,
    /// The last row.
    pub footer: &'a [Hint],
    /// The scenario that the end screen offers.
    pub next: Option<&'a str>,
    /// How one looks at the run.
    pub look: Look<'a>,
}

impl<'a> StageView<'a> {
    /// The program that is watched; `None` for a scenario.
    pub(crate) fn watched(&self) -> Option<&'a Watched> {
        self.timeline.story().watched.as_ref()
    }
}

/// How one looks at the run, as keys have chosen it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look<'a> {
    /// The page of time; the usual one where it is `None`.
    pub zoom: Option<Page>,
    /// The page that a short run fits on.
    pub fitting: Option<Page>,
    /// The pane by which the arrows move, by its digit; the tasks where it is `None`.
    pub focus: Option<u8>,
    /// Only the selected lane is shown.
    pub only: bool,
    /// The first line of code that keys have chosen, and the line that was followed then.
    pub code_first: Option<(usize, Option<usize>)>,
    /// The list of events.
    pub events: Option<&'a EventList>,
    /// Each finding has a row of its own, also where equal ones share one.
    pub ungrouped: bool,
    /// A step by one event has led here.
    pub stepped: bool,
    /// The answer to "why?", while it is open.
    pub why: Option<&'a Why>,
    /// A line that one types into.
    pub prompt: Option<&'a Prompt>,
    /// What was predicted.
    pub predicted: Predicted<'a>,
    /// The lanes of a program that is watched.
    pub watched: Option<&'a WatchedLanes>,
    /// The row that is chosen among those who held the loop.
    pub held: usize,
    /// The scenario that shows in small what held the loop there: its number and title.
    pub same: Option<&'a str>,
    /// The votes of a class, while they lie over the end of a run.
    pub vote_bars: Option<VoteBars<'a>>,
}

/// What was predicted, as the panes show it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Predicted<'a> {
    /// The lines of output in this order.
    pub lines: &'a [String],
    /// In words, where no lines are predicted.
    pub words: Option<&'a str>,
    /// When it will be over.
    pub end: Option<Nanos>,
}

/// More requests than this are drawn as cells.
pub(crate) const CROWD: usize = 12;

/// Whether the requests or tasks of a view are too many for lanes.
pub(crate) fn crowd(view: &StageView) -> bool {
    // One lane is no crowd; and of a program that is watched, the requests that are over are out of sight.
    if view.look.only || view.watched().is_some() {
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
    pub(crate) fn of(view: &StageView) -> Self {
        if let Some(watched) = view.look.watched {
            return Self {
                seen: watched.shown.len(),
                tasks: watched.shown.len(),
                ..Self::default()
            };
        }
        let lanes = view.timeline.lanes();
        let mut seen = lanes.partition_point(|lane| lane.from <= view.moment.at);
        // Of those that appear at this very moment, some may come with an event that is still to come.
        let to_come = |lane: &&Lane| {
            lane.from == view.moment.at && !view.timeline.is_there(lane.id, view.world)
        };
        seen -= lanes[..seen].iter().rev().take_while(to_come).count();
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
    pub(crate) fn story(&self) -> usize {
        self.tasks
    }

    /// All of them.
    pub(crate) fn all(&self) -> usize {
        self.seen
    }

    /// The lane in row `row`: the story's own first, then accept and heartbeat.
    pub(crate) fn get<'a>(&self, view: &StageView<'a>, row: usize) -> Option<&'a Lane> {
        if let Some(watched) = view.look.watched {
            return view.timeline.lanes().get(*watched.shown.get(row)?);
        }
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
