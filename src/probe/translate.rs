//! From facts with provisional ids to events with dense ones, in the order of the trace.

use std::collections::HashMap;

use super::Recorder;
use super::record::Fact;
use crate::trace::{
    Actor, Batch, Event, EventKind, JobId, Nanos, Outcome, RequestId, TaskId, TextId, ThreadId,
    WaitOn, WakeCause,
};

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

/// Dense ids by provisional ones, given in the order of first appearance.
#[derive(Debug, Default)]
struct Dense {
    ids: Vec<u32>,
    next: u32,
}

impl Dense {
    fn get(&mut self, id: u32) -> (u32, bool) {
        const UNSEEN: u32 = u32::MAX;
        if id == u32::MAX {
            return (id, false);
        }
        let place = id as usize;
        if self.ids.len() <= place {
            self.ids.resize(place + 1, UNSEEN);
        }
        let first = self.ids[place] == UNSEEN;
        if first {
            self.ids[place] = self.next;
            self.next += 1;
        }
        (self.ids[place], first)
    }
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
    tasks: Dense,
    jobs: Dense,
    requests: Dense,
    threads: Dense,
    texts: Dense,
    known: HashMap<TaskId, Known>,
    by_tokio: HashMap<u32, TaskId>,
    slots: Vec<ThreadId>,
    open_tasks: usize,
    tally: Tally,
}

impl Translator {
    pub(super) fn new(hooks: bool) -> Self {
        Self {
            hooks,
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
        let kind = self.renumber(kind, recorder, &mut batch.texts);
        batch.events.push(Event { at, kind });
    }

    /// The event that a fact stands for, its ids still provisional.
    fn event(&mut self, slot: u32, fact: Fact) -> Option<EventKind> {
        match fact {
            Fact::Event(kind) => {
                self.note(slot, kind);
                Some(kind)
            }
            Fact::Bound { task, tokio } => {
                self.tally.spawns += 1;
                self.by_tokio.insert(tokio, task);
                None
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
            EventKind::ThreadStarted { thread, .. } => {
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

    fn task(&mut self, id: TaskId) -> TaskId {
        TaskId(self.tasks.get(id.0).0)
    }

    fn job(&mut self, id: JobId) -> JobId {
        JobId(self.jobs.get(id.0).0)
    }

    fn request(&mut self, id: RequestId) -> RequestId {
        RequestId(self.requests.get(id.0).0)
    }

    fn thread(&mut self, id: ThreadId) -> ThreadId {
        ThreadId(self.threads.get(id.0).0)
    }

    fn actor(&mut self, actor: Actor) -> Actor {
        match actor {
            Actor::Task(task) => Actor::Task(self.task(task)),
            Actor::Job(job) => Actor::Job(self.job(job)),
        }
    }

    fn text(&mut self, id: TextId, recorder: &Recorder, texts: &mut Vec<String>) -> TextId {
        let (dense, first) = self.texts.get(id.0);
        if first {
            texts.push(recorder.text(id).unwrap_or_default());
        }
        TextId(dense)
    }

    // table
    #[expect(clippy::too_many_lines, reason = "one arm a kind of event")]
    fn renumber(
        &mut self,
        mut kind: EventKind,
        recorder: &Recorder,
        texts: &mut Vec<String>,
    ) -> EventKind {
        match &mut kind {
            EventKind::ThreadStarted { thread, name, .. } => {
                *thread = self.thread(*thread);
                *name = self.text(*name, recorder, texts);
            }
            EventKind::ThreadEnded { thread }
            | EventKind::RoleChanged { thread, .. }
            | EventKind::Parked { thread }
            | EventKind::Unparked { thread }
            | EventKind::Dropped { thread, .. } => *thread = self.thread(*thread),
            EventKind::TaskSpawned {
                task, parent, name, ..
            } => {
                *parent = self.task(*parent);
                *task = self.task(*task);
                *name = self.text(*name, recorder, texts);
            }
            EventKind::PollStarted { task, thread } | EventKind::PollEnded { task, thread } => {
                *task = self.task(*task);
                *thread = self.thread(*thread);
            }
            EventKind::Woken { task, by } => {
                *task = self.task(*task);
                match by {
                    WakeCause::Task(task) => *task = self.task(*task),
                    WakeCause::Job(job) => *job = self.job(*job),
                    _ => {}
                }
            }
            EventKind::TaskEnded { task, .. }
            | EventKind::WaitingTimer { task, .. }
            | EventKind::Beat { task } => *task = self.task(*task),
            EventKind::Waiting { task, on } => {
                *task = self.task(*task);
                match on {
                    WaitOn::Task(task) => *task = self.task(*task),
                    WaitOn::Job(job) => *job = self.job(*job),
                    _ => {}
                }
            }
            EventKind::StepEntered { actor, .. } => *actor = self.actor(*actor),
            EventKind::BlockStarted { actor, thread, .. }
            | EventKind::BlockEnded { actor, thread } => {
                *actor = self.actor(*actor);
                *thread = self.thread(*thread);
            }
            EventKind::JobQueued { job, parent, name } => {
                *parent = self.task(*parent);
                *job = self.job(*job);
                *name = self.text(*name, recorder, texts);
            }
            EventKind::JobStarted { job, thread } => {
                *job = self.job(*job);
                *thread = self.thread(*thread);
            }
            EventKind::JobEnded { job, .. } => *job = self.job(*job),
            EventKind::Output { actor, text } => {
                *actor = self.actor(*actor);
                *text = self.text(*text, recorder, texts);
            }
            EventKind::RequestSent { request, route, .. } => {
                *request = self.request(*request);
                *route = self.text(*route, recorder, texts);
            }
            EventKind::RequestAccepted { request, task } => {
                *request = self.request(*request);
                *task = self.task(*task);
            }
            EventKind::RequestAnswered { request, text } => {
                *request = self.request(*request);
                *text = self.text(*text, recorder, texts);
            }
            EventKind::RequestGivenUp { request } => *request = self.request(*request),
            EventKind::RunEnded { .. } => {}
        }
        kind
    }
}
