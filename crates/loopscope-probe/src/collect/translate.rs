//! From facts to events: tokio's ids meet those of the wrappers, and ends their outcomes.

use std::collections::HashMap;

use loopscope_trace::{Batch, Event, EventKind, Nanos, Outcome, TaskId, ThreadId, ThreadRole};

use crate::collect::remote::FIRST_SLOT;
use crate::collect::renumber::Renumber;
use crate::record::fact::Fact;
use crate::record::recorder::Recorder;

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

/// A task of the trace that has not ended, under its provisional id.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    story: bool,
    outcome: Option<Outcome>,
}

/// A task of tokio's that has not ended, or whose last turn is not over.
#[derive(Clone, Copy, Debug)]
struct Bound {
    task: TaskId,
    turning: bool,
    ended: bool,
}

impl Bound {
    const fn new(task: TaskId) -> Self {
        Self {
            task,
            turning: false,
            ended: false,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Translator {
    hooks: bool,
    aliases: bool,
    ids: Renumber,
    open: HashMap<TaskId, Open>,
    by_tokio: HashMap<u32, Bound>,
    /// The thread (provisional) that has the slot now.
    slots: Vec<ThreadId>,
    /// By provisional thread, until it ends.
    roles: HashMap<ThreadId, ThreadRole>,
    open_tasks: usize,
    tally: Tally,
}

impl Translator {
    pub(crate) fn new(hooks: bool, ids: Renumber) -> Self {
        Self {
            hooks,
            ids,
            aliases: crate::console::spawns::is_on(),
            ..Self::default()
        }
    }

    pub(crate) const fn open_tasks(&self) -> usize {
        self.open_tasks
    }

    pub(crate) const fn tally(&self) -> Tally {
        self.tally
    }

    /// The thread (provisional) that has the slot now.
    pub(crate) fn thread_of(&self, slot: u32) -> ThreadId {
        let place = slot as usize;
        self.slots.get(place).copied().unwrap_or(ThreadId::NONE)
    }

    pub(crate) fn translate(
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
                self.roles.insert(thread, role);
                return None;
            }
            EventKind::ThreadEnded { thread } => {
                self.roles.remove(&thread);
                return None;
            }
            EventKind::PollStarted { thread, .. } => (thread, ThreadRole::Pool, ThreadRole::Loop),
            EventKind::JobStarted { thread, .. } => (thread, ThreadRole::Loop, ThreadRole::Pool),
            _ => return None,
        };
        let known = self.roles.get_mut(&thread)?;
        if *known != from {
            return None;
        }
        *known = role;
        Some(EventKind::RoleChanged { thread, role })
    }

    /// The event that a fact stands for, its ids still provisional.
    fn event(&mut self, slot: u32, fact: Fact) -> Option<EventKind> {
        let thread = self.thread_of(slot);
        match fact {
            Fact::Event(kind) => {
                self.note(slot, kind);
                Some(kind)
            }
            Fact::Bound { task, tokio } => {
                self.tally.spawns += 1;
                self.by_tokio.insert(tokio, Bound::new(task));
                let tokio = u64::from(tokio);
                // Only where tokio-console can show the same number.
                self.aliases.then_some(EventKind::TaskAlias { task, tokio })
            }
            Fact::TurnStarted { tokio } => {
                self.tally.polls += 1;
                let bound = self.by_tokio.get_mut(&tokio)?;
                bound.turning = true;
                let task = bound.task;
                Some(EventKind::PollStarted { task, thread })
            }
            Fact::TurnEnded { tokio } => {
                let bound = self.by_tokio.get_mut(&tokio)?;
                bound.turning = false;
                let (task, ended) = (bound.task, bound.ended);
                if ended {
                    self.by_tokio.remove(&tokio);
                }
                Some(EventKind::PollEnded { task, thread })
            }
            Fact::Terminated { tokio } => self.terminated(tokio),
            Fact::Ended { task, outcome } if self.hooks => {
                // The hook tells the end; only the wrapper knows how it came.
                if let Some(open) = self.open.get_mut(&task) {
                    open.outcome = Some(outcome);
                }
                None
            }
            Fact::Ended { task, outcome } => {
                self.end(task);
                Some(EventKind::TaskEnded { task, outcome })
            }
            Fact::Parked => Some(EventKind::Parked { thread }),
            Fact::Unparked => Some(EventKind::Unparked { thread }),
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
                let story = role.is_story();
                self.open_tasks += usize::from(story);
                let outcome = None;
                self.open.insert(task, Open { story, outcome });
            }
            EventKind::TaskEnded { task, .. } => _ = self.end(task),
            EventKind::Dropped { count, .. } => self.tally.dropped += u64::from(count),
            _ => {}
        }
    }

    /// tokio's task is gone; a turn of it may be under way.
    fn terminated(&mut self, tokio: u32) -> Option<EventKind> {
        // Workers and blocking jobs end as tasks that were never spawned: unknown ids.
        let bound = self.by_tokio.get_mut(&tokio)?;
        bound.ended = true;
        let (task, turning) = (bound.task, bound.turning);
        if !turning {
            self.by_tokio.remove(&tokio);
        }
        self.tally.ends += 1;
        let outcome = self.end(task).unwrap_or(Outcome::Completed);
        Some(EventKind::TaskEnded { task, outcome })
    }

    /// Forgets a task that has ended; how it ended, if its wrapper has told.
    fn end(&mut self, task: TaskId) -> Option<Outcome> {
        let open = self.open.remove(&task)?;
        self.open_tasks -= usize::from(open.story);
        open.outcome
    }
}
