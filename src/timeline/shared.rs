//! What actors share at one moment: variables, locks, channels, CPython's lock, child processes.

use std::collections::VecDeque;

use super::world::World;
use crate::trace::{Actor, Keep, Nanos, ProcessId, StepId, Story, TaskId, TextId, ThreadId};

/// Everything that actors share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// The story's variables, in its order; untouched where child processes have copies.
    pub variables: Vec<Variable>,
    /// Copies of variables in child processes, in the order of their first use.
    pub copies: Vec<Variable>,
    /// The story's locks, in its order.
    pub locks: Vec<Lock>,
    /// The story's channels, in its order.
    pub channels: Vec<Channel>,
    /// CPython's lock: one for each process that uses it.
    pub gils: Vec<Gil>,
    /// All child processes so far.
    pub processes: Vec<Process>,
    /// Who holds a thread until a task ends.
    pub blocked_on: Vec<(Actor, TaskId)>,
}

/// A variable at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variable {
    /// Its place in the story.
    pub of: u16,
    /// The child process whose copy it is.
    pub process: Option<ProcessId>,
    /// How often it was written.
    pub writes: u32,
    /// How often it was read.
    pub reads: u32,
    /// The last write.
    pub last: Option<Write>,
    /// The write before it.
    pub(super) before: Option<Write>,
}

/// A write of a variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Write {
    /// Who wrote.
    pub actor: Actor,
    /// In which step.
    pub step: Option<StepId>,
    /// When.
    pub at: Nanos,
    /// What.
    pub value: TextId,
}

/// A lock at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// Who has it, and since when.
    pub owner: Option<(Actor, Nanos)>,
    /// When its owner had asked for it.
    pub asked: Nanos,
    /// Who wants it, and since when, in order of asking.
    pub waiters: VecDeque<(Actor, Nanos)>,
}

/// A channel at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Channel {
    /// What it keeps.
    pub keep: Keep,
    /// What nobody has taken yet, oldest first.
    pub values: VecDeque<TextId>,
    /// How many were put in.
    pub sent: u32,
    /// How many were replaced by a newer one before anybody took them.
    pub replaced: u32,
}

/// CPython's lock in one process at one moment (a model).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gil {
    /// The child process; `None` for the one that loopscope runs in.
    pub process: Option<ProcessId>,
    /// The thread that has it, and since when.
    pub owner: Option<(ThreadId, Nanos)>,
    /// The threads that want it, and since when, in order of asking.
    pub waiters: Vec<(ThreadId, Nanos)>,
}

/// A child process at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub id: ProcessId,
    /// What the system calls it.
    pub pid: u32,
    /// `process-1` …
    pub name: TextId,
    /// When it was started.
    pub started: Nanos,
    /// When it ended.
    pub ended: Option<Nanos>,
    /// Its exit code, or, below zero, the signal that ended it.
    pub status: Option<i32>,
}

impl Shared {
    pub(super) fn new(story: &Story) -> Self {
        let variables = 0..u16::try_from(story.variables.len()).unwrap_or(u16::MAX);
        let channels = story.channels.iter().map(|channel| Channel {
            keep: channel.keep,
            ..Channel::default()
        });
        Self {
            variables: variables
                .map(|of| Variable {
                    of,
                    ..Variable::default()
                })
                .collect(),
            locks: vec![Lock::default(); story.locks.len()],
            channels: channels.collect(),
            ..Self::default()
        }
    }

    /// All variables and copies that somebody has used or that nobody has a copy of: the story's
    /// own first.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        let used = |variable: &&Variable| {
            let copied = || self.copies.iter().any(|copy| copy.of == variable.of);
            variable.writes + variable.reads > 0 || !copied()
        };
        self.variables.iter().filter(used).chain(&self.copies)
    }

    /// A variable as a process sees it.
    pub fn variable(&self, of: u16, process: Option<ProcessId>) -> Option<&Variable> {
        match process {
            None => self.variables.get(usize::from(of)),
            Some(_) => self
                .copies
                .iter()
                .find(|copy| copy.of == of && copy.process == process),
        }
    }

    /// CPython's lock of a process.
    pub fn gil(&self, process: Option<ProcessId>) -> Option<&Gil> {
        self.gils.iter().find(|gil| gil.process == process)
    }

    /// The memory that a copy of it takes besides a few entries.
    pub(super) fn own_bytes(&self) -> usize {
        let values = self.channels.iter().map(|channel| channel.values.len());
        let waiters = self.locks.iter().map(|lock| lock.waiters.len());
        values.sum::<usize>() * size_of::<TextId>()
            + waiters.sum::<usize>() * size_of::<(Actor, Nanos)>()
            + (self.variables.len() + self.copies.len()) * size_of::<Variable>()
    }
}

/// What happens to what actors share. Every function counts a problem where the trace cannot be
/// right: a lock that two have, a value that nobody sent.
impl World {
    pub(super) fn variable_read(&mut self, actor: Actor, of: u16) {
        let process = self.process_of(actor);
        let variable = self.meet_variable(of, process);
        let known = variable
            .map(|variable| variable.reads = variable.reads.saturating_add(1))
            .is_some();
        self.hold(known);
    }

    pub(super) fn variable_written(&mut self, actor: Actor, of: u16, value: TextId) {
        let write = Write {
            actor,
            step: self.step_of(actor),
            at: self.now,
            value,
        };
        let process = self.process_of(actor);
        let variable = self.meet_variable(of, process);
        let known = variable
            .map(|variable| {
                variable.writes = variable.writes.saturating_add(1);
                variable.before = variable.last.replace(write);
            })
            .is_some();
        self.hold(known);
    }

    fn meet_variable(&mut self, of: u16, process: Option<ProcessId>) -> Option<&mut Variable> {
        let shared = &mut self.shared;
        let place = usize::from(of);
        if process.is_none() || place >= shared.variables.len() {
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

    pub(super) fn lock_wanted(&mut self, actor: Actor, lock: u16) {
        let now = self.now;
        let lock = self.shared.locks.get_mut(usize::from(lock));
        let known = lock
            .map(|lock| lock.waiters.push_back((actor, now)))
            .is_some();
        self.hold(known);
    }

    pub(super) fn lock_taken(&mut self, actor: Actor, lock: u16) {
        let now = self.now;
        let lock = self.shared.locks.get_mut(usize::from(lock));
        let is_free = lock.is_some_and(|lock| {
            let mut waiters = lock.waiters.iter();
            let asked = waiters.find(|&&(other, _)| other == actor);
            lock.asked = asked.map_or(now, |&(_, since)| since);
            lock.waiters.retain(|&(other, _)| other != actor);
            lock.owner.replace((actor, now)).is_none()
        });
        self.hold(is_free);
    }

    /// Its owner has let go of it, or somebody does not want it any more.
    pub(super) fn lock_released(&mut self, actor: Actor, lock: u16) {
        let lock = self.shared.locks.get_mut(usize::from(lock));
        let had = lock.is_some_and(|lock| lock.let_go(actor));
        self.hold(had);
    }

    /// An actor that has ended has and wants nothing.
    pub(super) fn leave_shared(&mut self, actor: Actor) {
        for lock in &mut self.shared.locks {
            lock.let_go(actor);
        }
        self.stop_blocking_on(actor);
    }

    pub(super) fn stop_blocking_on(&mut self, actor: Actor) {
        if !self.shared.blocked_on.is_empty() {
            self.shared.blocked_on.retain(|&(other, _)| other != actor);
        }
    }

    pub(super) fn channel_sent(&mut self, channel: u16, value: TextId) {
        let channel = self.shared.channels.get_mut(usize::from(channel));
        let known = channel
            .map(|channel| {
                channel.sent = channel.sent.saturating_add(1);
                if channel.keep == Keep::Newest && channel.values.pop_front().is_some() {
                    channel.replaced = channel.replaced.saturating_add(1);
                }
                channel.values.push_back(value);
            })
            .is_some();
        self.hold(known);
    }

    pub(super) fn channel_received(&mut self, channel: u16, value: TextId) {
        let channel = self.shared.channels.get_mut(usize::from(channel));
        let was_there = channel.is_some_and(|channel| {
            let place = channel.values.iter().position(|&other| other == value);
            place.is_some_and(|place| channel.values.remove(place).is_some())
        });
        self.hold(was_there);
    }

    /// Whether somebody holds a thread for a task's end, or wants a lock that another one has.
    pub(super) fn somebody_is_kept(&self) -> bool {
        let mut locks = self.shared.locks.iter();
        !self.shared.blocked_on.is_empty()
            || locks.any(|lock| lock.owner.is_some() && !lock.waiters.is_empty())
    }

    /// The child process that an actor runs in.
    pub fn process_of(&self, actor: Actor) -> Option<ProcessId> {
        let thread = match actor {
            Actor::Task(id) => self.task(id).and_then(|task| task.thread.or(task.home)),
            Actor::Job(id) => self.job(id).and_then(|job| job.thread),
        };
        self.thread(thread?)?.process
    }
}

impl Lock {
    fn let_go(&mut self, actor: Actor) -> bool {
        if self.owner.is_some_and(|(owner, _)| owner == actor) {
            self.owner = None;
            return true;
        }
        let before = self.waiters.len();
        self.waiters.retain(|&(other, _)| other != actor);
        self.waiters.len() < before
    }
}
