//! What is found out later of a lane: its name, its letter, and whose task it is that serves a request.

use crate::tracks::lanes::Lanes;
use crate::tracks::track::{LaneId, LaneKind};
use crate::world::world::World;
use loopscope_trace::{Actor, EventKind, RequestId, TaskId, TextId, Trace};

impl Lanes {
    /// Notes what an event says of lanes that are there already.
    pub(crate) fn learn(&mut self, trace: &Trace, world: &World, kind: EventKind) {
        match kind {
            EventKind::TaskNamed { task, .. } => self.name_task(trace, world, task),
            EventKind::RequestSent { request, .. } | EventKind::RequestNamed { request, .. } => {
                self.name_request(trace, world, request);
            }
            EventKind::RequestAccepted { request, task } => self.serve(world, request, task),
            _ => {}
        }
    }

    /// A task has another name or another role from now on.
    fn name_task(&mut self, trace: &Trace, world: &World, id: TaskId) {
        let (Some(task), Some(lane)) = (world.task(id), self.of(Actor::Task(id))) else {
            return;
        };
        let row = self.all.get(lane.0 as usize);
        let Some(without) = row.map(|row| row.letter.is_empty()) else {
            return;
        };
        if row.is_none_or(|row| row.kind != LaneKind::Task(id)) {
            return;
        }
        let letter = (without && task.role.is_story()).then(|| self.letter(true));
        let name = self.name(trace, task.name);
        if let Some(row) = self.all.get_mut(lane.0 as usize) {
            row.name = name;
            // It is counted from now on.
            if let (Some(letter), Some(span)) = (letter, row.spans.last()) {
                row.letter = letter;
                self.tasks.change(world.now, None, span.state);
            }
        }
    }

    /// A request of a client that the story does not know is called by what it asks for.
    fn name_request(&mut self, trace: &Trace, world: &World, id: RequestId) {
        let request = world.request(id).filter(|request| !request.live);
        let (Some(request), Some(lane)) = (request, self.of_request(id)) else {
            return;
        };
        if trace.story.clients.get(request.client.index()).is_some()
            || request.route == TextId::NONE
        {
            return;
        }
        let name = self.name(trace, request.route);
        if let Some(row) = self.all.get_mut(lane.0 as usize) {
            row.name = name;
        }
    }

    /// A task that had a lane before it was known to serve a request goes on in the lane of the request.
    fn serve(&mut self, world: &World, request: RequestId, task: TaskId) {
        let lane = self.of(Actor::Task(task));
        let is_nameless = |lane: LaneId| {
            let row = self.all.get(lane.0 as usize);
            row.is_some_and(|row| row.kind == LaneKind::Task(task) && row.letter.is_empty())
        };
        if lane.is_some_and(is_nameless)
            && let Some(lane) = self.of_request(request)
        {
            self.move_task(task, lane, world);
        }
    }
}
