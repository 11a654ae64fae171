//! From facts to events: tokio's ids meet those of the wrappers, and ends their outcomes.

use std::collections::HashMap;

use super::Recorder;
use super::record::Fact;
use super::remote::FIRST_SLOT;
use super::renumber::Renumber;
use loopscope_trace::{Batch, Event, EventKind, Nanos, Outcome, TaskId, ThreadId, ThreadRole};

/// What tokio's hooks counted; must equal tokio's own counters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tasks spawned.
    pub spawns: u64,
    /// Turns.
    pub polls: u64,
    /// Tasks that will never run again.
    pub ends: u64,
    /// Records lost.
    pub dropped: u64,
}

/// What the translator remembers of a task, under its provisional id.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    story: bool,
    outcome: Option<Outcome>,
    ended: bool,
}

#[derive(Debug, Default)]
pub(super) struct Translator {
    hooks: bool,
    aliases: bool,
    ids: Renumber,
    known: HashMap<TaskId, Known>,
    by_tokio: HashMap<u32, TaskId>,
    slots: Vec<ThreadId>,
    // By provisional thread; a place that nobody has taken is a loop's.
    roles: Vec<ThreadRole>,
    open_tasks: usize,
    tally: Tally,
}

impl Translator {
    pub(super) fn new(hooks: bool, ids: Renumber) -> Self {
        Self {
            hooks,
            ids,
            aliases: super::console::is_on(),
            ..Self::default()
        }
    }

    pub(super) const fn open_tasks(&self) -> usize {
        self.open_tasks
    }

    pub(super) const fn tally(&self) -> Tally {
        self.tally
    }

    /// The thread (provisional) that has the slot now.
    pub(super) fn thread_of(&self, slot: u32) -> ThreadId {
        let place = slot as usize;
        self.slots.get(place).copied().unwrap_or(ThreadId::NONE)
    }

    pub(super) fn translate(
        &mut self,
        at: Nanos,
        slot: u32,
        fact: Fact,
        recorder: &Recorder,
        batch: &mut Batch,
    ) {
        let Some(kind) = self.event(slot, fact) else {
            return;
        };
        if let Some(change) = self.role_change(kind) {
            let kind = self.ids.renumber(change, recorder, &mut batch.texts);
            batch.events.push(Event { at, kind });
        }
        let kind = self.ids.renumber(kind, recorder, &mut batch.texts);
        batch.events.push(Event { at, kind });
    }

    /// A thread is for what it does: one of the pool that polls has taken a loop over
    /// (`block_in_place` hands it on), and one of a loop that starts a job has left it.
    fn role_change(&mut self, kind: EventKind) -> Option<EventKind> {
        let (thread, from, role) = match kind {
            EventKind::ThreadStarted { thread, role, .. }
            | EventKind::RoleChanged { thread, role } => {
                let place = thread.index();
                if self.roles.len() <= place {
                    self.roles.resize(place + 1, ThreadRole::Loop);
                }
                self.roles[place] = role;
                return None;
            }
            EventKind::PollStarted { thread, .. } => (thread, ThreadRole::Pool, ThreadRole::Loop),
            EventKind::JobStarted { thread, .. } => (thread, ThreadRole::Loop, ThreadRole::Pool),
            _ => return None,
        };
        let known = self.roles.get_mut(thread.index())?;
        if *known != from {
            return None;
        }
        *known = role;
        Some(EventKind::RoleChanged { thread, role })
    }

    /// The event that a fact stands for, its ids still provisional.
    fn event(&mut self, slot: u32, fact: Fact) -> Option<EventKind> {
        match fact {
            Fact::Event(EventKind::TaskEnded { task, outcome }) => self.end(task, outcome),
            Fact::Event(kind) => {
                self.note(slot, kind);
                Some(kind)
            }
            Fact::Bound { task, tokio } => {
                self.tally.spawns += 1;
                self.by_tokio.insert(tokio, task);
                let tokio = u64::from(tokio);
                // Only where there is somebody to compare it with.
                self.aliases.then_some(EventKind::TaskAlias { task, tokio })
            }
            Fact::TurnStarted { tokio } => {
                self.tally.polls += 1;
                let task = *self.by_tokio.get(&tokio)?;
                let thread = self.thread_of(slot);
                Some(EventKind::PollStarted { task, thread })
            }
            Fact::TurnEnded { tokio } => {
                let task = *self.by_tokio.get(&tokio)?;
                let thread = self.thread_of(slot);
                Some(EventKind::PollEnded { task, thread })
            }
            Fact::Terminated { tokio } => {
                // Workers and blocking jobs end as tasks that were never spawned: unknown ids.
                let task = *self.by_tokio.get(&tokio)?;
                self.tally.ends += 1;
                let outcome = self.known.get(&task).and_then(|known| known.outcome);
                self.end(task, outcome.unwrap_or(Outcome::Completed))
            }
            Fact::Ended { task, outcome } => {
                if !self.hooks {
                    return self.end(task, outcome);
                }
                self.known.entry(task).or_default().outcome = Some(outcome);
                None
            }
            Fact::Parked => Some(EventKind::Parked {
                thread: self.thread_of(slot),
            }),
            Fact::Unparked => Some(EventKind::Unparked {
                thread: self.thread_of(slot),
            }),
        }
    }

    fn note(&mut self, slot: u32, kind: EventKind) {
        match kind {
            // Threads of other processes share one slot a process, and name themselves.
            EventKind::ThreadStarted { thread, .. } if slot < FIRST_SLOT => {
                let place = slot as usize;
                if self.slots.len() <= place {
                    self.slots.resize(place + 1, ThreadId::NONE);
                }
                self.slots[place] = thread;
            }
            EventKind::TaskSpawned { task, role, .. } => {
                let known = self.known.entry(task).or_default();
                known.story = role.is_story();
                self.open_tasks += usize::from(known.story);
            }
            // Told by no hook: a coroutine that was no task of tokio's.
            EventKind::TaskEnded { task, .. } => {
                let known = self.known.entry(task).or_default();
                if known.story && !known.ended {
                    self.open_tasks = self.open_tasks.saturating_sub(1);
                }
                known.ended = true;
            }
            EventKind::Dropped { count, .. } => self.tally.dropped += u64::from(count),
            _ => {}
        }
    }

    fn end(&mut self, task: TaskId, outcome: Outcome) -> Option<EventKind> {
        let known = self.known.entry(task).or_default();
        if known.ended {
            return None;
        }
        known.ended = true;
        if known.story {
            self.open_tasks = self.open_tasks.saturating_sub(1);
        }
        Some(EventKind::TaskEnded { task, outcome })
    }
}
