//! What actors share at one moment: pools, variables, locks, channels, CPython's lock, child processes.

use std::collections::VecDeque;
use std::sync::Arc;

use loopscope_trace::{
    Actor, Admits, FunctionId, JobId, Keep, Nanos, ProcessId, StepId, Story, TaskId, TextId,
    ThreadId,
};

/// The pool at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// How many threads it may have.
    pub threads: u32,
    /// Jobs on a thread.
    pub busy: u32,
    /// Jobs that are queued because all threads are taken.
    pub queued: u32,
    /// The most of either so far.
    pub peak_busy: u32,
    /// The most that were queued so far.
    pub peak_queued: u32,
}

/// A pool besides the default one at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherPool {
    /// Its threads and counts.
    pub pool: Pool,
    /// Jobs that are queued for it, in order.
    pub queue: VecDeque<JobId>,
    /// Jobs for which a thread is free that has not begun them yet, in order.
    pub(crate) starting: VecDeque<JobId>,
}

impl OtherPool {
    /// The memory that a copy of it takes.
    pub(crate) fn own_bytes(&self) -> usize {
        size_of::<Self>() + (self.queue.len() + self.starting.len()) * size_of::<JobId>()
    }
}

impl Pool {
    pub(crate) fn of(threads: u32) -> Self {
        Self {
            threads,
            ..Self::default()
        }
    }

    /// Notes how many are queued, and the most of all counts.
    pub(crate) fn count(&mut self, queued: usize) {
        self.queued = u32::try_from(queued).unwrap_or(u32::MAX);
        self.peak_queued = self.peak_queued.max(self.queued);
        self.peak_busy = self.peak_busy.max(self.busy);
    }
}

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
    /// Whether any actor has, or had, a value in hand.
    pub(crate) in_hand: bool,
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
    pub(crate) before: Option<Write>,
    /// It lies in a file: all processes have the same one.
    pub(crate) in_file: bool,
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
    /// How many may have it at once.
    pub admits: Admits,
    /// Who has it, and since when, in order of taking it.
    pub owners: Vec<(Actor, Nanos)>,
    /// Those who have it read.
    pub is_read: bool,
    /// When the last one that got it had asked for it.
    pub asked: Nanos,
    /// Who wants it, and since when, in order of asking.
    pub waiters: VecDeque<(Actor, Nanos)>,
    /// Who of those wants to read.
    pub readers: Vec<Actor>,
}

/// A channel at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Channel {
    /// What it keeps.
    pub keep: Keep,
    /// What has not been taken yet, oldest first.
    pub values: VecDeque<TextId>,
    /// How many were put in.
    pub sent: u32,
    /// How many were replaced by a newer one before they were received.
    pub replaced: u32,
    /// The functions that can send to it; none where the story does not tell.
    pub senders: Option<Arc<[FunctionId]>>,
    /// How many values have room in it; none where there is no limit.
    pub capacity: Option<u32>,
    /// The functions that can take a value out of it; none where the story does not tell.
    pub receivers: Option<Arc<[FunctionId]>>,
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

impl Channel {
    /// Whether a send has to wait.
    pub fn is_full(&self) -> bool {
        let most = self.capacity.map(|most| most as usize);
        most.is_some_and(|most| self.values.len() >= most)
    }

    /// A value was put in.
    pub(crate) fn put(&mut self, value: TextId) {
        self.sent = self.sent.saturating_add(1);
        if self.keep == Keep::Newest && self.values.pop_front().is_some() {
            self.replaced = self.replaced.saturating_add(1);
        }
        // Of a broadcast each receiver has values of its own.
        if !matches!(self.keep, Keep::Each(_)) {
            self.values.push_back(value);
        }
    }

    /// A value was taken out; whether it can have been there.
    pub(crate) fn take(&mut self, value: TextId) -> bool {
        if matches!(self.keep, Keep::Each(_)) {
            return self.sent > 0;
        }
        let place = self.values.iter().position(|&other| other == value);
        place.is_some_and(|place| self.values.remove(place).is_some())
    }
}

impl Lock {
    /// Who has had it longest, and since when.
    pub fn owner(&self) -> Option<(Actor, Nanos)> {
        self.owners.first().copied()
    }

    /// Whether no other one can have it now, to read where `reads`.
    pub fn is_full(&self, reads: bool) -> bool {
        match self.admits {
            Admits::Readers => !self.owners.is_empty() && (!reads || !self.is_read),
            admits => self.owners.len() >= admits.most(),
        }
    }

    /// Whether any actor wants it that cannot have it yet.
    pub fn is_awaited(&self) -> bool {
        !self.owners.is_empty() && !self.waiters.is_empty()
    }
}

impl Shared {
    pub(crate) fn new(story: &Story) -> Self {
        let variables = (0..u16::MAX).zip(&story.variables);
        let channels = story.channels.iter().map(|channel| Channel {
            keep: channel.keep,
            senders: channel.senders.as_deref().map(Arc::from),
            capacity: channel.capacity,
            receivers: channel.receivers.as_deref().map(Arc::from),
            ..Channel::default()
        });
        let locks = story.locks.iter().map(|lock| Lock {
            admits: lock.admits,
            ..Lock::default()
        });
        Self {
            variables: variables
                .map(|(of, variable)| Variable {
                    of,
                    in_file: variable.file,
                    ..Variable::default()
                })
                .collect(),
            locks: locks.collect(),
            channels: channels.collect(),
            ..Self::default()
        }
    }

    /// All variables and copies that were used, and variables without a copy: the story's
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
        let own = self.variables.get(usize::from(of));
        match process {
            None => own,
            Some(_) if own.is_some_and(|own| own.in_file) => own,
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

    /// The memory that a copy of it takes.
    pub(crate) fn own_bytes(&self) -> usize {
        let values = self.channels.iter().map(|channel| channel.values.len());
        let waiters = self.locks.iter();
        let waiters = waiters.map(|lock| lock.waiters.len() + lock.owners.len());
        let threads = self.gils.iter().map(|gil| gil.waiters.len());
        values.sum::<usize>() * size_of::<TextId>()
            + waiters.sum::<usize>() * size_of::<(Actor, Nanos)>()
            + threads.sum::<usize>() * size_of::<(ThreadId, Nanos)>()
            + (self.variables.len() + self.copies.len()) * size_of::<Variable>()
            + self.locks.len() * size_of::<Lock>()
            + self.channels.len() * size_of::<Channel>()
            + self.gils.len() * size_of::<Gil>()
            + self.processes.len() * size_of::<Process>()
            + self.blocked_on.len() * size_of::<(Actor, TaskId)>()
    }
}
