//! The reducer's part for threads' CPython lock, and for child processes.

use crate::world::shared::{Gil, Process};
use crate::world::world::World;
use loopscope_trace::{Outcome, ProcessId, TaskId, TextId, ThreadId};

impl World {
    pub(crate) fn gil_wanted(&mut self, thread: ThreadId) {
        let now = self.now;
        let known = self.meet_gil(thread).is_some_and(|gil| {
            let wants = gil.waiters.iter().any(|&(other, _)| other == thread);
            let has = gil.owner.is_some_and(|(owner, _)| owner == thread);
            if !wants {
                gil.waiters.push((thread, now));
            }
            !wants && !has
        });
        self.check(known);
    }

    pub(crate) fn gil_taken(&mut self, thread: ThreadId) {
        let now = self.now;
        let is_free = self.meet_gil(thread).is_some_and(|gil| {
            gil.waiters.retain(|&(other, _)| other != thread);
            gil.owner.replace((thread, now)).is_none()
        });
        self.check(is_free);
    }

    pub(crate) fn gil_released(&mut self, thread: ThreadId) {
        let had = self.meet_gil(thread).is_some_and(|gil| gil.leave(thread));
        self.check(had);
    }

    /// A thread that has ended has and wants nothing.
    pub(crate) fn leave_gil(&mut self, thread: ThreadId) {
        for gil in &mut self.shared.gils {
            gil.leave(thread);
        }
    }

    fn meet_gil(&mut self, thread: ThreadId) -> Option<&mut Gil> {
        let process = self.meet_thread(thread)?.process;
        let gils = &mut self.shared.gils;
        let place = gils.iter().position(|gil| gil.process == process);
        let place = place.unwrap_or_else(|| {
            gils.push(Gil {
                process,
                ..Gil::default()
            });
            gils.len() - 1
        });
        gils.get_mut(place)
    }

    pub(crate) fn process_started(&mut self, id: ProcessId, pid: u32, name: TextId) {
        let known = id.index() == self.shared.processes.len();
        if known {
            self.shared.processes.push(Process {
                id,
                pid,
                name,
                started: self.now,
                ended: None,
                status: None,
            });
        }
        self.check(known || self.dropped > 0);
    }

    pub(crate) fn thread_of_process(&mut self, thread: ThreadId, process: ProcessId) {
        let known = process.index() < self.shared.processes.len() || self.dropped > 0;
        if let Some(thread) = self.meet_thread(thread) {
            thread.process = Some(process);
        }
        self.check(known);
    }

    /// A child has ended: so have its threads, and the tasks of its loops that had not.
    pub(crate) fn process_ended(&mut self, id: ProcessId, status: i32) {
        let now = self.now;
        self.forgotten.clear();
        let process = self.shared.processes.get_mut(id.index());
        let first = process.is_some_and(|process| {
            process.status = Some(status);
            process.ended.replace(now).is_none()
        });
        self.check(first);
        for thread in &mut self.threads {
            if thread.process == Some(id) && !thread.ended {
                thread.ended = true;
                thread.stop(now);
            }
        }
        self.shared.gils.retain(|gil| gil.process != Some(id));
        let orphans: Vec<TaskId> = self
            .tasks
            .iter()
            .filter(|task| !task.state.is_final())
            .filter(|task| {
                let home = task.home.and_then(|home| self.thread(home));
                home.is_some_and(|home| home.process == Some(id))
            })
            .map(|task| task.id)
            .collect();
        for task in orphans {
            self.end_task(task, Outcome::Cancelled);
            self.forgotten.push(task);
        }
    }
}

impl Gil {
    fn leave(&mut self, thread: ThreadId) -> bool {
        if self.owner.is_some_and(|(owner, _)| owner == thread) {
            self.owner = None;
            return true;
        }
        let before = self.waiters.len();
        self.waiters.retain(|&(other, _)| other != thread);
        self.waiters.len() < before
    }
}
