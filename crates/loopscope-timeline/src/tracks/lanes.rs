//! Builds the lanes: who has one, what it is called, and its spans.

use std::collections::HashMap;
use std::sync::Arc;

use crate::tracks::alive::{Alive, Candidates};
use crate::tracks::census::Census;
use crate::tracks::lane_state::state_of;
use crate::tracks::places::Places;
use crate::tracks::track::{Lane, LaneId, LaneKind, Letter, Span};
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{
    Actor, JobId, Nanos, RequestId, Story, TaskId, TaskRole, TextId, Trace, short,
};

/// The lanes so far, and where to find those of tasks, jobs and requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lanes {
    pub(crate) all: Vec<Lane>,
    of_task: Places,
    of_job: Places,
    of_request: Places,
    letters: usize,
    /// Texts of the trace that name lanes.
    names: HashMap<TextId, Arc<str>>,
    /// How many requests each client has sent, and how many it is going to.
    clients: Vec<(u32, u32)>,
    /// How many requests were sent by a key.
    live: u32,
    /// The states of all requests over time.
    pub(crate) requests: Census,
    /// The same of the story's own tasks that serve none.
    pub(crate) tasks: Census,
    /// The same of jobs that have a lane of their own.
    pub(crate) jobs: Census,
    alive: Alive,
}

/// Who sends a request by a key on the stage.
pub const YOU: &str = "you";

impl Lanes {
    pub(crate) fn new(story: &Story) -> Self {
        // The last place is for all clients that the story does not know.
        let mut clients = vec![(0_u32, 0_u32); story.clients.len() + 1];
        for planned in &story.planned {
            let place = planned.client.index().min(story.clients.len());
            clients[place].1 += 1;
        }
        Self {
            clients,
            ..Self::default()
        }
    }

    pub(crate) fn of(&self, actor: Actor) -> Option<LaneId> {
        match actor {
            Actor::Task(id) => self.of_task.get(id.index()),
            Actor::Job(id) => self.of_job.get(id.index()),
        }
    }

    pub(crate) fn of_request(&self, id: RequestId) -> Option<LaneId> {
        self.of_request.get(id.index())
    }

    /// Shows what has become of a task in its lane.
    pub(crate) fn show_task(&mut self, trace: &Trace, world: &World, id: TaskId) {
        let Some(task) = world.task(id) else {
            return;
        };
        let lane = if let Some(lane) = self.of(Actor::Task(id)) {
            lane
        } else {
            let serves = matches!(
                task.role,
                TaskRole::Handler | TaskRole::Dispatch | TaskRole::Framework
            );
            // The request that such a task serves is named right after its spawn.
            if serves && task.state == State::Ready && task.polls == 0 {
                return;
            }
            let letter = self.letter(task.role.is_story());
            let name = self.name(trace, task.name);
            let lane = self.add(LaneKind::Task(id), letter, name, world.now);
            self.of_task.put(id.index(), lane);
            lane
        };
        self.show(lane, world);
        // Nearly always the same lane; a foreign recording may have polled the task before it
        // said whom it serves.
        if let Some(request) = task.request.and_then(|request| self.of_request(request))
            && request != lane
        {
            self.show(request, world);
        }
    }

    /// Shows what has become of a job in its lane, or in that of the request that it serves.
    pub(crate) fn show_job(&mut self, trace: &Trace, world: &World, id: JobId) {
        let Some(job) = world.job(id) else {
            return;
        };
        let lane = if let Some(lane) = self.of(Actor::Job(id)) {
            lane
        } else {
            let parent = job.parent.and_then(|parent| world.task(parent));
            let parents = parent.and_then(|parent| self.of(Actor::Task(parent.id)));
            let lane = match (parent, parents) {
                (Some(parent), Some(lane)) if parent.role == TaskRole::Dispatch => lane,
                _ => {
                    let name = self.job_name(trace, parents, job.name);
                    self.add(LaneKind::Job(id), Letter::default(), name, world.now)
                }
            };
            self.of_job.put(id.index(), lane);
            lane
        };
        self.show(lane, world);
        if let Some(parent) = job.parent
            && self
                .of(Actor::Task(parent))
                .is_some_and(|parent| parent != lane)
        {
            self.show_task(trace, world, parent);
        }
    }

    /// Shows what has become of a request, and binds its task to its lane.
    pub(crate) fn show_request(&mut self, story: &Story, world: &World, id: RequestId) {
        let Some(request) = world.request(id) else {
            return;
        };
        let lane = if let Some(lane) = self.of_request(id) {
            lane
        } else {
            let letter = self.letter(true);
            let name = if request.live {
                self.live += 1;
                format!("{YOU} {}", self.live).into()
            } else {
                self.client_name(story, request.client.index())
            };
            let lane = self.add(LaneKind::Request(id), letter, name, world.now);
            self.of_request.put(id.index(), lane);
            lane
        };
        if let Some(task) = request.task
            && world
                .task(task)
                .is_some_and(|task| task.request == Some(id))
            && self.of(Actor::Task(task)).is_none()
        {
            self.of_task.put(task.index(), lane);
        }
        self.show(lane, world);
    }

    /// Goes on with a task in another lane.
    pub(crate) fn move_task(&mut self, task: TaskId, lane: LaneId, world: &World) {
        self.of_task.put(task.index(), lane);
        self.show(lane, world);
    }

    fn show(&mut self, id: LaneId, world: &World) {
        let Some(lane) = self.all.get_mut(id.0 as usize) else {
            return;
        };
        let (state, _, step) = state_of(lane.kind, world);
        let now = world.now;
        let before = lane.spans.last().map(|last| last.state);
        if before == Some(state) {
            return;
        }
        match lane.kind {
            LaneKind::Request(_) => self.requests.change(now, before, state),
            LaneKind::Task(_) if !lane.letter.is_empty() => self.tasks.change(now, before, state),
            LaneKind::Job(job) if !is_of_framework(world, job) => {
                self.jobs.change(now, before, state);
            }
            LaneKind::Task(_) | LaneKind::Job(_) => {}
        }
        if let Some(last) = lane.spans.last_mut() {
            if last.from == now {
                // A state of no length is none: what was before it may even go on.
                lane.spans.pop();
                if let Some(before) = lane.spans.last_mut()
                    && before.state == state
                {
                    before.to = None;
                    return;
                }
            } else {
                last.to = Some(now);
            }
        }
        lane.spans.push(Span {
            from: now,
            to: None,
            state,
            step,
        });
    }

    fn add(&mut self, kind: LaneKind, letter: Letter, name: Arc<str>, from: Nanos) -> LaneId {
        if self.alive.is_due(self.all.len()) {
            let of_task = &self.of_task;
            self.alive.keep(&self.all, |lane| {
                let state = lane.spans.last().map(|last| last.state);
                // A task that goes on in the lane of its request is not shown here.
                let moved = matches!(lane.kind, LaneKind::Task(task) if of_task.get(task.index()) != Some(lane.id));
                !moved && !state.is_some_and(State::is_final)
            });
        }
        let id = LaneId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(Lane {
            id,
            kind,
            letter,
            name,
            from,
            // Many lanes have no more.
            spans: Vec::with_capacity(1),
        });
        id
    }

    /// Those that may be alive when so many had appeared.
    pub(crate) fn alive_at(&self, seen: usize) -> Candidates {
        self.alive.at(&self.all, seen)
    }

    pub(crate) fn letter(&mut self, has_one: bool) -> Letter {
        if !has_one {
            return Letter::default();
        }
        self.letters += 1;
        Letter::of(self.letters - 1)
    }

    /// A text of the trace as a name, which all lanes of this name share.
    pub(crate) fn name(&mut self, trace: &Trace, text: TextId) -> Arc<str> {
        let known = self.names.entry(text);
        Arc::clone(known.or_insert_with(|| trace.text(text).into()))
    }

    /// `tab 1`, or `tab 1 #2` where a client sends several requests.
    fn client_name(&mut self, story: &Story, client: usize) -> Arc<str> {
        let place = client.min(story.clients.len());
        let name = story
            .clients
            .get(place)
            .map_or("client", |client| client.name.as_str());
        let Some((sent, planned)) = self.clients.get_mut(place) else {
            return name.into();
        };
        *sent += 1;
        let (nth, several) = (*sent, *planned > 1);
        if several || nth > 1 {
            format!("{} #{nth}", short(name, MADE_UP)).into()
        } else {
            name.into()
        }
    }

    fn job_name(&mut self, trace: &Trace, parent: Option<LaneId>, name: TextId) -> Arc<str> {
        match parent.and_then(|parent| self.all.get(parent.0 as usize)) {
            Some(parent) if parent.letter.is_empty() => {
                format!("job of {}", short(&parent.name, MADE_UP)).into()
            }
            Some(parent) => format!("job of {}", parent.letter).into(),
            None => self.name(trace, name),
        }
    }
}

/// Whether a task handed it to its pool that is no task of the story.
fn is_of_framework(world: &World, job: JobId) -> bool {
    let parent = world.job(job).and_then(|job| world.task(job.parent?));
    parent.is_some_and(|parent| !parent.role.is_story())
}

/// The most characters of a foreign name in a name that is made up for each lane.
const MADE_UP: usize = 60;
