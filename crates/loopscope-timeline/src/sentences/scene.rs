//! A moment that is to be captioned.

use std::collections::VecDeque;

use crate::moments::timeline::Timeline;
use crate::tracks::track::LaneKind;
use crate::words::figures::{counted, list};
use crate::words::names::{label, who};
use crate::world::world::World;
use loopscope_trace::{Actor, Language, RequestId, TaskId};

pub(crate) struct Scene<'a> {
    pub(crate) timeline: &'a Timeline,
    pub(crate) world: &'a World,
    pub(crate) language: Language,
}

impl Scene<'_> {
    pub(crate) fn is_story(&self, task: TaskId) -> bool {
        let task = self.world.task(task);
        task.is_some_and(|task| task.role.is_story())
    }

    /// The letters of a few requests, the number of many.
    pub(crate) fn requests(&self, requests: &VecDeque<RequestId>) -> String {
        if requests.len() > 3 {
            return counted(requests.len(), "request", "requests");
        }
        let lanes = requests.iter();
        let lanes = lanes.filter_map(|&request| self.timeline.lane_of_request(request));
        let names: Vec<&str> = lanes.map(|lane| label(self.timeline, lane)).collect();
        list(&names, requests.len())
    }

    /// The names of a few actors, the number of many.
    pub(crate) fn actors(&self, actors: impl Iterator<Item = Actor>, count: usize) -> String {
        if count > 3 {
            let lanes = actors.map(|actor| self.timeline.lane_of(actor));
            let kinds: Vec<Option<LaneKind>> = lanes
                .map(|lane| Some(self.timeline.lane(lane?)?.kind))
                .collect();
            let all = |is: fn(&Option<LaneKind>) -> bool| kinds.iter().all(is);
            let kind = if all(|kind| matches!(kind, Some(LaneKind::Request(_)))) {
                "requests"
            } else if all(|kind| matches!(kind, Some(LaneKind::Job(_)))) {
                "jobs"
            } else if all(|kind| matches!(kind, Some(LaneKind::Task(_)))) {
                "tasks"
            } else {
                "tasks and jobs"
            };
            return format!("{count} {kind}");
        }
        let names: Vec<String> = actors.map(|actor| who(self.timeline, actor)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        list(&names, count)
    }
}
