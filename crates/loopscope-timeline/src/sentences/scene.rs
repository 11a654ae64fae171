//! A moment that is to be captioned, and the clauses for what keeps actors from going on: a loop that is
//! held, a circle, a lock.

use std::collections::VecDeque;

use crate::findings::deadlock;
use crate::moments::timeline::Timeline;
use crate::tracks::track::LaneKind;
use crate::words::{counted, inside, label, list, lock, loop_words, place, thread_name, who};
use crate::world::entries::Thread;
use crate::world::world::World;
use loopscope_trace::{Actor, Language, RequestId, TaskId, TaskRole, ThreadId, ThreadRole};

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

    /// An actor holds a loop by a block or a computation.
    pub(crate) fn held_loop(&self) -> Option<Vec<String>> {
        let held = |thread: &&Thread| thread.doing.is_some_and(|doing| doing.blocking.is_some());
        let thread = self.world.loops().find(held)?;
        let actor = thread.doing?.actor;
        let name = who(self.timeline, actor);
        let step = self.world.step_of(actor);
        let only = self.world.loops().nth(1).is_none();
        let what = if only {
            "the loop's only thread".to_owned()
        } else if self.world.has_own_loops() {
            loop_words(self.timeline, thread.id)
        } else {
            format!("thread {}", self.timeline.trace().text(thread.name))
        };
        let mut parts = vec![match place(self.timeline, step, self.language) {
            Some(place) => format!("{name} is inside {place}, and holds {what}."),
            None => format!("{name} holds {what}."),
        }];
        if only {
            parts.extend(self.victims());
        }
        Some(parts)
    }

    /// Who can't be let in, can't be noticed, can't run.
    fn victims(&self) -> Vec<String> {
        let world = self.world;
        let mut parts = Vec::new();
        let mut say = |clause: String| {
            let (start, joint) = if parts.is_empty() {
                ("Nobody", " ")
            } else {
                ("nobody", "; ")
            };
            parts.push(format!("{joint}{start} can {clause}"));
        };
        if !world.backlog.is_empty() {
            say(format!("let {} in", self.requests(&world.backlog)));
        }
        let (beats, others) = self.overdue();
        match (beats, others) {
            (false, 0) => {}
            (true, 0) => say("see that the heartbeat's timer has run out".to_owned()),
            (_, others) => {
                let count = others + usize::from(beats);
                let timers = match count {
                    1 => "a timer has run out".to_owned(),
                    _ => format!("{count} timers have run out"),
                };
                say(format!("see that {timers}"));
            }
        }
        let ready = world.ready.iter();
        let ready: Vec<TaskId> = ready.copied().filter(|&task| self.is_story(task)).collect();
        if !ready.is_empty() {
            let lanes = ready.iter().map(|&task| Actor::Task(task));
            say(format!("run {}", self.actors(lanes, ready.len())));
        }
        parts
    }

    /// Whether the heartbeat is overdue, and how many others are.
    fn overdue(&self) -> (bool, usize) {
        let role = |&task: &TaskId| self.world.task(task).map(|task| task.role);
        let overdue = self.world.overdue.iter();
        let beats = overdue.filter(|task| role(task) == Some(TaskRole::Heartbeat));
        let beats = beats.count();
        (beats > 0, self.world.overdue.len() - beats)
    }

    /// Some wait for one another in a circle.
    pub(crate) fn circle(&self) -> Option<Vec<String>> {
        let now = self.world.now;
        let mut all = self.timeline.findings().iter().rev();
        let circle = all.find(|finding| {
            let goes_on = finding.open || finding.at + finding.length > now;
            *finding.kind == deadlock::KIND && finding.found <= now && goes_on
        })?;
        let links = deadlock::links(self.timeline.into(), circle, self.language);
        let mut parts = vec![format!("{}.", links.join("; "))];
        parts.push(" None of them can ever go on.".to_owned());
        Some(parts)
    }

    /// Jobs run in child processes.
    pub(crate) fn in_children(&self) -> Option<Vec<String>> {
        let threads = self.world.threads.iter();
        let threads = threads.filter(|thread| thread.role == ThreadRole::Process);
        let doing = threads.filter_map(|thread| Some((thread.id, thread.doing?.actor)));
        let doing: Vec<(ThreadId, Actor)> = doing.collect();
        let &(thread, first) = doing.first()?;
        let inside = inside(self.timeline, self.world.step_of(first), self.language);
        let first = match doing.len() {
            1 => {
                let (who, name) = (
                    who(self.timeline, first),
                    thread_name(self.timeline, thread),
                );
                format!("{who} is in {name}, a process of its own{inside}.")
            }
            count => format!("{count} jobs run in {count} processes, each on its own{inside}."),
        };
        Some(vec![
            first,
            " The loop is free, and the heartbeat beats.".to_owned(),
        ])
    }

    /// An actor has a lock that others want.
    pub(crate) fn locked(&self) -> Option<Vec<String>> {
        let mut locks = self.world.shared.locks.iter().enumerate();
        let (of, wanted) =
            locks.find(|(_, lock)| lock.owner.is_some() && !lock.waiters.is_empty())?;
        let owner = who(self.timeline, wanted.owner?.0);
        let count = wanted.waiters.len();
        let names: Vec<String> = wanted
            .waiters
            .iter()
            .take(3)
            .map(|&(actor, _)| who(self.timeline, actor))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let verb = if count == 1 { "wants" } else { "want" };
        let name = lock(self.timeline, u32::try_from(of).unwrap_or(u32::MAX));
        Some(vec![
            format!("{owner} has {name}; {} {verb} it.", list(&names, count)),
            " Whoever waits for it at an await needs no thread.".to_owned(),
        ])
    }

    /// ` pool-1 has CPython's lock, and 2 threads want it.`
    pub(crate) fn gil(&self) -> Option<String> {
        let mut gils = self.world.shared.gils.iter();
        let gil = gils.find(|gil| !gil.waiters.is_empty())?;
        let want = match gil.waiters.len() {
            1 => "another thread wants it".to_owned(),
            count => format!("{count} others want it"),
        };
        let owner = gil.owner.map_or_else(
            || "A thread".to_owned(),
            |(owner, _)| thread_name(self.timeline, owner),
        );
        Some(format!(" {owner} has CPython's lock; {want}."))
    }
}
