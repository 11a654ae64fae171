//! How events change what actors share: variables, locks, channels, CPython's lock, child processes.

use crate::world::shared::{Gil, Lock, Process, Variable, Write};
use crate::world::world::World;
use loopscope_trace::{Actor, EventKind, Nanos, Outcome, ProcessId, TaskId, TextId, ThreadId};

/// What happens to what actors share. Every function counts a problem where the trace cannot be
/// right: a lock that two have, a value that was never sent.
impl World {
    pub(crate) fn variable_read(&mut self, actor: Actor, of: u16, value: TextId) {
        let process = self.process_of(actor);
        let variable = self.mentioned_variable(of, process);
        let writes = variable.map(|variable| {
            variable.reads = variable.reads.saturating_add(1);
            variable.writes
        });
        self.check(writes.is_some());
        let now = self.now;
        if let (Some(writes), Some(values)) = (writes, self.values(actor)) {
            let touched = values.touch(of);
            touched.read = Some((now, value));
            touched.seen = Some(writes);
        }
    }

    pub(crate) fn variable_written(&mut self, actor: Actor, of: u16, value: TextId) {
        let write = Write {
            actor,
            step: self.step_of(actor),
            at: self.now,
            value,
        };
        let process = self.process_of(actor);
        let variable = self.mentioned_variable(of, process);
        let before = variable.map(|variable| {
            variable.writes = variable.writes.saturating_add(1);
            variable.before = variable.last.replace(write);
            (variable.writes, variable.before)
        });
        self.check(before.is_some());
        if let (Some((writes, before)), Some(values)) = (before, self.values(actor)) {
            let touched = values.touch(of);
            // One that had not read takes nothing for granted; its own write is the last of those.
            let read = touched.seen.take().filter(|read| writes > read + 1);
            let others = before.filter(|before| before.actor != actor);
            touched.over = others.filter(|_| read.is_some());
            touched.wrote = Some((write.at, value));
        }
    }

    fn mentioned_variable(&mut self, of: u16, process: Option<ProcessId>) -> Option<&mut Variable> {
        let shared = &mut self.shared;
        let place = usize::from(of);
        let own = shared.variables.get(place);
        if process.is_none() || own.is_none_or(|own| own.in_file) {
            return shared.variables.get_mut(place);
        }
        let copy = |copy: &Variable| copy.of == of && copy.process == process;
        let place = shared.copies.iter().position(copy).unwrap_or_else(|| {
            shared.copies.push(Variable {
                of,
                process,
                ..Variable::default()
            });
            shared.copies.len() - 1
        });
        shared.copies.get_mut(place)
    }

    pub(crate) fn lock_wanted(&mut self, actor: Actor, lock: u16, reads: bool) {
        let now = self.now;
        let lock = self.shared.locks.get_mut(usize::from(lock));
        let known = lock
            .map(|lock| {
                lock.waiters.push_back((actor, now));
                if reads {
                    lock.readers.push(actor);
                }
            })
            .is_some();
        self.check(known);
    }

    pub(crate) fn lock_taken(&mut self, actor: Actor, lock: u16, reads: bool) {
        let now = self.now;
        let lock = self.shared.locks.get_mut(usize::from(lock));
        let is_free = lock.is_some_and(|lock| {
            let mut waiters = lock.waiters.iter();
            let asked = waiters.find(|&&(other, _)| other == actor);
            lock.asked = asked.map_or(now, |&(_, since)| since);
            lock.wants_no_more(actor);
            let is_free = !lock.is_full(reads);
            lock.owners.push((actor, now));
            lock.is_read = reads;
            is_free
        });
        self.check(is_free);
    }

    /// Its owner has let go of it, or a waiter does not want it any more.
    pub(crate) fn lock_released(&mut self, actor: Actor, lock: u16, wanted: bool) {
        let lock = self.shared.locks.get_mut(usize::from(lock));
        let had = lock.is_some_and(|lock| lock.leave(actor, wanted));
        self.check(had);
    }

    /// An actor that has ended has and wants nothing; what a job still has is its task's from now on, as that of a
    /// dependency which is held for its request.
    pub(crate) fn leave_shared(&mut self, actor: Actor) {
        let heir = match actor {
            Actor::Job(job) => self.job(job).and_then(|job| job.parent),
            Actor::Task(_) => None,
        };
        for lock in &mut self.shared.locks {
            while lock.wants_no_more(actor) {}
            match heir {
                Some(task) => lock.pass(actor, Actor::Task(task)),
                None => lock.owners.retain(|&(other, _)| other != actor),
            }
        }
        self.stop_blocking_on(actor);
        self.drop_locals(actor);
    }

    pub(crate) fn stop_blocking_on(&mut self, actor: Actor) {
        if !self.shared.blocked_on.is_empty() {
            self.shared.blocked_on.retain(|&(other, _)| other != actor);
        }
    }

    pub(crate) fn channel_sent(&mut self, channel: u16, value: TextId) {
        let channel = self.shared.channels.get_mut(usize::from(channel));
        let known = channel.map(|channel| channel.put(value)).is_some();
        self.check(known);
    }

    pub(crate) fn channel_received(&mut self, channel: u16, value: TextId) {
        let channel = self.shared.channels.get_mut(usize::from(channel));
        let was_there = channel.is_some_and(|channel| channel.take(value));
        self.check(was_there);
    }

    pub(crate) fn gil_wanted(&mut self, thread: ThreadId) {
        let now = self.now;
        let known = self.mentioned_gil(thread).is_some_and(|gil| {
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
        let is_free = self.mentioned_gil(thread).is_some_and(|gil| {
            gil.waiters.retain(|&(other, _)| other != thread);
            gil.owner.replace((thread, now)).is_none()
        });
        self.check(is_free);
    }

    pub(crate) fn gil_released(&mut self, thread: ThreadId) {
        let had = self
            .mentioned_gil(thread)
            .is_some_and(|gil| gil.leave(thread));
        self.check(had);
    }

    /// A thread that has ended has and wants nothing.
    pub(crate) fn leave_gil(&mut self, thread: ThreadId) {
        for gil in &mut self.shared.gils {
            gil.leave(thread);
        }
    }

    fn mentioned_gil(&mut self, thread: ThreadId) -> Option<&mut Gil> {
        let process = self.mentioned_thread(thread)?.process;
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
        if let Some(thread) = self.mentioned_thread(thread) {
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
            process.status = Some(status).filter(|&status| status != EventKind::STATUS_UNKNOWN);
            process.ended.replace(now).is_none()
        });
        self.check(first);
        for place in 0..self.threads.len() {
            let thread = &self.threads[place];
            if thread.process == Some(id) && !thread.ended {
                let thread = &mut self.threads[place];
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

impl Lock {
    fn pass(&mut self, from: Actor, to: Actor) {
        for owner in &mut self.owners {
            if owner.0 == from {
                owner.0 = to;
            }
        }
    }

    /// Leaves what it has; what it wants where it has nothing, or `wanted` says so.
    fn leave(&mut self, actor: Actor, wanted: bool) -> bool {
        let mut owners = self.owners.iter();
        let owned = owners.rposition(|&(owner, _)| owner == actor);
        if let Some(place) = owned.filter(|_| !wanted) {
            self.owners.remove(place);
            return true;
        }
        self.wants_no_more(actor)
    }

    /// Whether it wanted it.
    fn wants_no_more(&mut self, actor: Actor) -> bool {
        let waits = |&(other, _): &(Actor, Nanos)| other == actor;
        let Some(place) = self.waiters.iter().rposition(waits) else {
            return false;
        };
        self.waiters.remove(place);
        if let Some(place) = self.readers.iter().rposition(|&other| other == actor) {
            self.readers.remove(place);
        }
        true
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
