//! The caption's clauses for a loop that is held: by whom, and who suffers.

use crate::sentences::scene::Scene;
use crate::words::names::{loop_words, place, who};
use crate::world::entries::Thread;
use loopscope_trace::{Actor, TaskId, TaskRole};

impl Scene<'_> {
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
}
