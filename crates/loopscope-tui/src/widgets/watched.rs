//! The lanes of a program that is watched: its requests first, then its tasks; what is a framework's own is folded away.

use loopscope_timeline::{Lane, LaneId, LaneKind, Moment, Timeline, World};
use loopscope_trace::{Actor, SourceFile, Story, TaskRole};

/// So many requests at most, and so many tasks, the newest ones, have rows that one can scroll to.
const MOST: usize = 2048;

/// The lanes at a moment, and what of them is folded away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchedLanes {
    /// Places of lanes in drawing order.
    pub(crate) shown: Vec<usize>,
    /// How many of `shown` are the program's own; a framework's come behind them.
    pub(crate) own: usize,
    /// How many more of the program's own there were, all of them over.
    pub(crate) older: usize,
    /// Tasks of a framework that live and are folded away.
    pub(crate) tasks: usize,
    /// Functions that the loop calls back for a framework, folded away.
    pub(crate) callbacks: usize,
    /// The framework, where it is one: `uvicorn`.
    pub(crate) whose: Option<String>,
    /// They are of several frameworks.
    several: bool,
}

impl WatchedLanes {
    /// The lanes that live at the moment of `world`, and the newest of those that are over; `all`: those of a framework
    /// are shown too.
    pub(crate) fn of(timeline: &Timeline, world: &World, moment: Moment, all: bool) -> Self {
        let lanes = timeline.lanes();
        let candidates = timeline.lanes_near(moment.at);
        let mut found = Self::default();
        let mut own: Vec<(bool, usize, usize)> = Vec::new();
        let mut others = Vec::new();
        let newest = |places: &[usize]| places.len().saturating_sub(MOST);
        let requests = &candidates.requests[newest(&candidates.requests)..];
        let tasks = &candidates.own[newest(&candidates.own)..];
        for &place in requests.iter().chain(tasks).chain(&candidates.others) {
            let Some(lane) = lanes.get(place) else {
                continue;
            };
            if lane.from == moment.at && !timeline.is_there(lane.id, world) {
                continue;
            }
            match sort_of(timeline, world, lane) {
                Sort::Own => own.push((is_request(lane), anchor(timeline, world, lane), place)),
                Sort::Framework(role, function) => {
                    others.push(place);
                    found.count(role, function.and_then(|id| package(timeline.story(), id)));
                }
                Sort::Hidden => {}
            }
        }
        own.sort_by_key(|&(request, anchor, place)| {
            (!request && !is_anchored(lanes, anchor), anchor, place)
        });
        found.own = own.len();
        found.shown = own.into_iter().map(|(_, _, place)| place).collect();
        let over = |place: &&usize| {
            let lane = lanes.get(**place);
            lane.is_some_and(|lane| timeline.lane_state(lane.id, world).0.is_final())
        };
        let over = found.shown.iter().filter(over).count();
        found.older = timeline.lanes_over(moment.at).saturating_sub(over);
        if all {
            found.shown.extend(others);
        }
        found
    }

    fn count(&mut self, role: TaskRole, package: Option<String>) {
        if role == TaskRole::Callback {
            self.callbacks += 1;
            return;
        }
        self.tasks += 1;
        // What runs in asyncio itself was begun by the framework.
        match package.filter(|name| name != "asyncio") {
            Some(_) if self.several => {}
            Some(name) if self.whose.as_ref().is_some_and(|known| *known != name) => {
                self.several = true;
                self.whose = None;
            }
            Some(name) => self.whose = Some(name),
            None => {}
        }
    }

    /// `+ 9 of uvicorn's own, 12 callbacks`; `None` where nothing is folded away.
    pub(crate) fn words(&self) -> Option<String> {
        if self.shown.len() > self.own {
            return None;
        }
        let whose = match &self.whose {
            Some(name) => format!("of {name}'s own"),
            None if self.several => "of the frameworks' own".to_owned(),
            None => "of asyncio's own".to_owned(),
        };
        let callbacks = match self.callbacks {
            1 => "1 callback".to_owned(),
            count => format!("{count} callbacks"),
        };
        match (self.tasks, self.callbacks) {
            (0, 0) => None,
            (0, _) => Some(format!("+ {callbacks}")),
            (tasks, 0) => Some(format!("+ {tasks} {whose}")),
            (tasks, _) => Some(format!("+ {tasks} {whose}, {callbacks}")),
        }
    }
}

/// What is done with a lane.
enum Sort {
    /// It is the program's own.
    Own,
    /// It is a framework's, and lives; in this role, running this function.
    Framework(TaskRole, Option<loopscope_trace::FunctionId>),
    /// It is a framework's and over, or is shown in the lane of a request.
    Hidden,
}

fn sort_of(timeline: &Timeline, world: &World, lane: &Lane) -> Sort {
    let id = match lane.kind {
        LaneKind::Request(_) => return Sort::Own,
        LaneKind::Task(id) => id,
        LaneKind::Job(id) => {
            let parent = world.job(id).and_then(|job| job.parent);
            match parent.and_then(|parent| world.task(parent)) {
                Some(parent) if !parent.role.is_story() => return Sort::Hidden,
                _ => return Sort::Own,
            }
        }
    };
    let Some(task) = world.task(id) else {
        return Sort::Hidden;
    };
    if timeline.lane_of(Actor::Task(id)) != Some(lane.id) {
        return Sort::Hidden;
    }
    if task.role.is_story() {
        return Sort::Own;
    }
    match task.ended {
        Some(_) => Sort::Hidden,
        None => Sort::Framework(task.role, task.function),
    }
}

fn is_request(lane: &Lane) -> bool {
    matches!(lane.kind, LaneKind::Request(_))
}

/// The place of the lane below which it stands: a job stands below the task that handed it on.
fn anchor(timeline: &Timeline, world: &World, lane: &Lane) -> usize {
    let parent = match lane.kind {
        LaneKind::Job(id) => world.job(id).and_then(|job| job.parent),
        _ => None,
    };
    let above: Option<LaneId> = parent.and_then(|task| timeline.lane_of(Actor::Task(task)));
    above.unwrap_or(lane.id).0 as usize
}

fn is_anchored(lanes: &[Lane], anchor: usize) -> bool {
    lanes.get(anchor).is_some_and(is_request)
}

/// The package that a function belongs to: `uvicorn`, `asyncio`.
fn package(story: &Story, id: loopscope_trace::FunctionId) -> Option<String> {
    let file: &SourceFile = story.files.get(story.function(id)?.file?.index())?;
    let path = file.short_path();
    let first = path.split('/').next()?;
    Some(first.trim_end_matches(".py").to_owned())
}
