//! Which loops can run a task: its own where there are several, any where they share their work.

use crate::world::world::{Doing, Task, Thread, World};
use loopscope_trace::{TaskId, TaskRole, ThreadId};

impl World {
    /// The loops that can run a task: its own, else all.
    pub fn loops_of(&self, task: &Task) -> impl Iterator<Item = &Thread> {
        let home = task.home;
        self.loops()
            .filter(move |thread| home.is_none_or(|home| home == thread.id))
    }

    /// The loops that can let a request in: those of accept tasks, else all.
    pub fn loops_of_requests(&self) -> impl Iterator<Item = &Thread> {
        let server = |thread: &&Thread| self.serves(thread.id);
        let any = self.loops().any(|thread| self.serves(thread.id));
        self.loops().filter(move |thread| !any || server(thread))
    }

    fn serves(&self, thread: ThreadId) -> bool {
        // A server's accept task is one of the first tasks of its loop.
        let homes = self.tasks.iter().take_while(|task| !task.role.is_story());
        homes
            .filter(|task| task.role == TaskRole::Accept)
            .any(|task| task.home == Some(thread))
    }

    /// Who has the loop that a task needs: of several loops the one that has been held longest.
    pub fn holder_of(&self, task: TaskId) -> Option<(ThreadId, Doing)> {
        let task = self.task(task)?;
        let held = self
            .loops_of(task)
            .filter_map(|thread| Some((thread.id, thread.doing?)));
        held.min_by_key(|(_, doing)| doing.since)
    }

    /// Whether there are loops that do not share their tasks: second ones, or those of processes.
    pub fn has_own_loops(&self) -> bool {
        self.tasks.iter().take(8).any(|task| task.home.is_some())
    }
}
