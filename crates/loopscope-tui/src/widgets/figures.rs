//! The figures of the loop's picture: who stands where, and who has the loop.

use crate::widgets::scene::Scene;
use loopscope_timeline::State;
use loopscope_trace::{Actor, Nanos, TaskId, ThreadRole};

/// A timer that is late by less is not called overdue in the picture.
pub(crate) const LATE: Nanos = Nanos::from_millis(5);

/// One of the places in which requests and tasks stand in line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    /// How many.
    pub count: usize,
    /// The name of the only one.
    pub name: String,
    /// The state of the only one, else of the place.
    pub state: State,
    /// How long the first has been there.
    pub length: Nanos,
    /// How many of them are overdue.
    pub overdue: usize,
}

/// Who has the loop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    /// `A`, else the task's name.
    pub short: String,
    /// `A tab 1`.
    pub name: String,
    /// The thread is not given back.
    pub blocking: bool,
    /// How long.
    pub length: Nanos,
    /// The task.
    pub actor: Option<Actor>,
}

/// The figures of the picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    /// Requests in the backlog.
    pub backlog: Queue,
    /// Tasks that could run.
    pub ready: Queue,
    /// Tasks at an await, overdue ones too.
    pub waiting: Queue,
    /// Who has a loop, of each loop that is taken.
    pub held: Vec<Held>,
    /// How many loops there are.
    pub loops: usize,
}

impl Figures {
    /// The figures at the playhead.
    pub(crate) fn of(scene: &Scene) -> Self {
        let world = scene.view.world;
        let now = scene.now();
        let mut figures = Self {
            backlog: backlog(scene),
            ..Self::default()
        };
        let mut ready = Queue::new(State::Ready);
        if let Some(first) = world.ready.front() {
            ready.count = world.ready.len();
            let task = world.tasks.get(first.index());
            ready.length = task.map_or(Nanos::ZERO, |task| now.since(task.since));
            ready.name = task_name(scene, *first);
        }
        let mut waiting = Queue::new(State::Waiting);
        for task in &world.tasks {
            if !matches!(task.state, State::Waiting | State::Overdue) {
                continue;
            }
            // Each timer is late by a moment; it is news when that lasts.
            let late = task
                .deadline
                .map_or(Nanos::ZERO, |deadline| now.since(deadline));
            let overdue = task.state == State::Overdue && late >= LATE;
            waiting.count += 1;
            waiting.overdue += usize::from(overdue);
            if waiting.count == 1 {
                waiting.name = task_name(scene, task.id);
                (waiting.state, waiting.length) = if overdue {
                    (State::Overdue, late)
                } else {
                    (State::Waiting, now.since(task.since))
                };
            }
        }
        figures.ready = ready;
        figures.waiting = waiting;
        figures.holders(scene);
        figures
    }

    fn holders(&mut self, scene: &Scene) {
        let world = scene.view.world;
        let loops = world
            .threads
            .iter()
            .filter(|thread| thread.role == ThreadRole::Loop);
        for thread in loops {
            self.loops += 1;
            let Some(doing) = thread.doing else {
                continue;
            };
            let lane = scene.lane_of(doing.actor);
            let since = doing.blocking.map_or(doing.since, |(_, since)| since);
            self.held.push(Held {
                short: lane.map_or_else(|| "?".into(), |lane| scene.short(lane)),
                name: lane.map_or_else(|| "?".into(), |lane| scene.name(lane)),
                blocking: doing.blocking.is_some(),
                length: scene.now().since(since),
                actor: Some(doing.actor),
            });
        }
        self.loops = self.loops.max(1);
    }

    /// Whether something holds a loop without giving it back.
    pub(crate) fn blocked(&self) -> bool {
        self.held.iter().any(|held| held.blocking)
    }
}

impl Queue {
    fn new(state: State) -> Self {
        Self {
            state,
            ..Self::default()
        }
    }
}

fn backlog(scene: &Scene) -> Queue {
    let world = scene.view.world;
    let mut queue = Queue::new(State::InBacklog);
    if let Some(first) = world.backlog.front() {
        queue.count = world.backlog.len();
        let request = world.requests.get(first.index());
        queue.length = request.map_or(Nanos::ZERO, |request| scene.now().since(request.sent));
        let timeline = scene.view.timeline;
        let lane = timeline
            .lane_of_request(*first)
            .and_then(|lane| timeline.lane(lane));
        queue.name = lane.map_or_else(|| "?".into(), |lane| scene.name(lane));
    }
    queue
}

fn task_name(scene: &Scene, task: TaskId) -> String {
    scene
        .lane_of(Actor::Task(task))
        .map_or_else(|| "?".into(), |lane| scene.name(lane))
}
