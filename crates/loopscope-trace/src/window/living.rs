//! What is alive, and the events that say how it stands.

use std::collections::BTreeMap;

use crate::event::actor::{Actor, TaskRole};
use crate::event::kind::{Event, EventKind};
use crate::ids::{JobId, RequestId, TaskId, TextId, ThreadId};

/// An event, and its place among all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept {
    pub(crate) place: u64,
    pub(crate) event: Event,
}

/// What introduced a thing, and what is known of it since its last turn began.
#[derive(Clone, Debug, Default)]
struct Thing {
    /// How it was introduced; named anew, it is as if it had been introduced so.
    begun: Vec<Kept>,
    /// Since its last turn began: the last event of each sort.
    turn: Vec<Kept>,
}

impl Thing {
    fn begin(&mut self, kept: Kept) {
        self.begun.push(kept);
    }

    /// Since when a future is polled is told by the first poll, whether it is left by the last.
    fn future(&mut self, kept: Kept) {
        let left = |kept: &Kept| matches!(kept.event.kind, EventKind::FutureLeft { .. });
        self.turn.retain(|kept| !left(kept));
        let polled = |kept: &Kept| matches!(kept.event.kind, EventKind::FuturePolled { .. });
        if left(&kept) {
            self.turn.push(kept);
        } else if !self.begun.iter().any(polled) {
            self.begun.push(kept);
        }
    }

    /// Keeps an event in place of an earlier one of its sort.
    fn note(&mut self, kept: Kept) {
        let sort = std::mem::discriminant(&kept.event.kind);
        let same = |other: &Kept| std::mem::discriminant(&other.event.kind) == sort;
        self.turn.retain(|other| !same(other));
        self.turn.push(kept);
    }
}

/// All that is alive.
#[derive(Clone, Debug, Default)]
pub(crate) struct Living {
    count: u64,
    threads: BTreeMap<ThreadId, Thing>,
    tasks: BTreeMap<TaskId, Thing>,
    jobs: BTreeMap<JobId, Thing>,
    requests: BTreeMap<RequestId, Thing>,
    /// Processes and the sizes of pools: few, and never forgotten.
    others: Vec<Kept>,
}

impl Living {
    /// Notes what an event says.
    // table
    #[expect(clippy::too_many_lines, reason = "an arm a sort of event")]
    pub(crate) fn event(&mut self, event: Event) {
        self.count += 1;
        let kept = Kept {
            place: self.count,
            event,
        };
        match event.kind {
            EventKind::ThreadStarted { thread, .. } => {
                self.threads.entry(thread).or_default().begin(kept);
            }
            EventKind::RoleChanged { thread, .. } | EventKind::ThreadOfProcess { thread, .. } => {
                self.threads.entry(thread).or_default().note(kept);
            }
            EventKind::Parked { thread } => self.threads.entry(thread).or_default().note(kept),
            EventKind::Unparked { thread } => {
                let thing = self.threads.entry(thread).or_default();
                let parked = |kept: &Kept| matches!(kept.event.kind, EventKind::Parked { .. });
                thing.turn.retain(|kept| !parked(kept));
            }
            EventKind::ThreadEnded { thread } => drop(self.threads.remove(&thread)),
            EventKind::TaskSpawned { task, .. } => {
                self.tasks.entry(task).or_default().begin(kept);
            }
            EventKind::TaskNamed {
                task, role, name, ..
            } => self.named(task, role, name, event.kind),
            EventKind::PollStarted { task, .. } => {
                if let Some(thing) = self.tasks.get_mut(&task) {
                    thing.turn.clear();
                    thing.turn.push(kept);
                }
            }
            EventKind::TaskEnded { task, .. } => drop(self.tasks.remove(&task)),
            EventKind::TaskOnLoop { task, .. } => {
                if let Some(thing) = self.tasks.get_mut(&task) {
                    thing.begin(kept);
                }
            }
            EventKind::PollEnded { task, .. }
            | EventKind::Woken { task, .. }
            | EventKind::WaitingTimer { task, .. }
            | EventKind::Waiting { task, .. } => {
                if let Some(thing) = self.tasks.get_mut(&task) {
                    thing.note(kept);
                }
            }
            EventKind::FuturePolled { future, .. } | EventKind::FutureLeft { future, .. } => {
                if let Some(thing) = self.tasks.get_mut(&future) {
                    thing.future(kept);
                }
            }
            EventKind::StepEntered { actor, .. }
            | EventKind::Stack { actor, .. }
            | EventKind::BlockStarted { actor, .. } => self.acts(actor, kept),
            EventKind::BlockEnded { actor, .. } => self.lets_go(actor),
            EventKind::JobQueued { job, .. } => self.jobs.entry(job).or_default().begin(kept),
            EventKind::JobStarted { job, .. } => {
                if let Some(thing) = self.jobs.get_mut(&job) {
                    thing.begin(kept);
                }
            }
            EventKind::JobEnded { job, .. } => drop(self.jobs.remove(&job)),
            EventKind::RequestSent { request, .. } => {
                self.requests.entry(request).or_default().begin(kept);
            }
            EventKind::RequestNamed { request, .. }
            | EventKind::RequestAccepted { request, .. } => {
                if let Some(thing) = self.requests.get_mut(&request) {
                    thing.note(kept);
                }
            }
            EventKind::RequestAnswered { request, .. }
            | EventKind::RequestGivenUp { request }
            | EventKind::RequestRefused { request, .. } => drop(self.requests.remove(&request)),
            EventKind::ProcessStarted { .. } | EventKind::ProcessEnded { .. } => {
                self.others.push(kept);
            }
            EventKind::PoolResized { pool, .. } => {
                let same = |other: &Kept| matches!(other.event.kind, EventKind::PoolResized { pool: of, .. } if of == pool);
                self.others.retain(|other| !same(other));
                self.others.push(kept);
            }
            _ => {}
        }
    }

    fn named(&mut self, task: TaskId, role: TaskRole, name: TextId, kind: EventKind) {
        let begun = self
            .tasks
            .get_mut(&task)
            .and_then(|thing| thing.begun.first_mut());
        if let Some(Kept { event, .. }) = begun
            && let EventKind::TaskSpawned {
                role: old_role,
                function: old,
                name: old_name,
                ..
            } = &mut event.kind
        {
            (*old_role, *old_name) = (role, name);
            if let EventKind::TaskNamed { function, .. } = kind
                && function != EventKind::NO_FUNCTION
            {
                *old = function;
            }
        }
    }

    fn acts(&mut self, actor: Actor, kept: Kept) {
        if let Some(thing) = self.of(actor) {
            thing.note(kept);
        }
    }

    fn lets_go(&mut self, actor: Actor) {
        if let Some(thing) = self.of(actor) {
            let block = |kept: &Kept| {
                matches!(
                    kept.event.kind,
                    EventKind::BlockStarted { .. } | EventKind::Stack { .. }
                )
            };
            thing.turn.retain(|kept| !block(kept));
        }
    }

    fn of(&mut self, actor: Actor) -> Option<&mut Thing> {
        match actor {
            Actor::Task(task) => self.tasks.get_mut(&task),
            Actor::Job(job) => self.jobs.get_mut(&job),
        }
    }

    /// The events that say how all that is alive stands, in their order.
    pub(crate) fn events(&self) -> Vec<Event> {
        let things = self.threads.values().chain(self.tasks.values());
        let things = things
            .chain(self.jobs.values())
            .chain(self.requests.values());
        let things = things.flat_map(|thing| thing.begun.iter().chain(&thing.turn));
        let mut kept: Vec<Kept> = things.chain(&self.others).copied().collect();
        kept.sort_by_key(|kept| kept.place);
        kept.into_iter().map(|kept| kept.event).collect()
    }
}
