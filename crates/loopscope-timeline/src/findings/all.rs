//! What the events prove, found while they happen: blocked loops, starved tasks, a full pool …

use std::collections::{BTreeSet, VecDeque};

use crate::findings::contention::Contention;
use crate::findings::finding::{Insight, InsightKind};
use crate::findings::log::Log;
use crate::findings::lost_update::Updates;
use crate::findings::outlived::Outlived;
use crate::tracks::lanes::Lanes;
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Actor, EventKind, Nanos, Outcome, RequestId, TaskId, TaskRole, ThreadId};

/// From this length on, holding a loop and being kept from it are findings.
pub(crate) const LONG: Nanos = Nanos::from_millis(100);

/// The findings so far, and what may become one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    pub(crate) log: Log,
    pub(crate) turns: Vec<Turn>,
    /// When a block that goes on will have been a long one.
    pub(crate) due: BTreeSet<(Nanos, ThreadId)>,
    /// Threads whose turn is a finding that goes on.
    pub(crate) holding: Vec<ThreadId>,
    /// By task: since when it could run and did not.
    hungry: Vec<Option<Nanos>>,
    /// The hungry ones in order of their beginning; entries of those that ate are stale.
    line: VecDeque<(Nanos, TaskId)>,
    /// By the loop that they need.
    pub(crate) starving: Vec<Starving>,
    /// The pool of each finding of a full pool that goes on.
    pub(crate) saturated: Vec<(u16, usize)>,
    pub(crate) never_polled: Option<usize>,
    pub(crate) updates: Updates,
    /// Circles that nobody has left yet.
    pub(crate) stuck: Vec<(usize, Vec<Actor>)>,
    pub(crate) outlived: Outlived,
    pub(crate) contention: Contention,
}

/// What goes on in a turn on a loop's thread.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Turn {
    pub(crate) since: Nanos,
    /// Blocks that have ended in this turn, none of them long.
    pub(crate) parts: u32,
    pub(crate) has_long_part: bool,
    pub(crate) block: Option<Nanos>,
    pub(crate) blocked: Option<usize>,
    pub(crate) never_yields: Option<usize>,
}

/// All that starve at the same time, for want of the same loop, are one finding.
#[derive(Clone, Debug, Default)]
pub(crate) struct Starving {
    pub(crate) home: Option<ThreadId>,
    pub(crate) finding: Option<usize>,
    pub(crate) first: TaskId,
    pub(crate) tasks: BTreeSet<TaskId>,
}

impl Findings {
    pub(crate) fn all(&self) -> &[Insight] {
        &self.log.all
    }

    /// The findings as they stood at the moment of `world`.
    pub(crate) fn at(&self, world: &World) -> Vec<Insight> {
        self.log.at(world)
    }

    pub(crate) fn as_found(&self, finding: usize) -> Option<Insight> {
        self.log.as_found(finding)
    }

    /// The kind of the next finding that nobody was told about.
    pub(crate) fn next_news(&mut self) -> Option<InsightKind> {
        self.log.next_news()
    }

    /// Lets those that go on grow to the live edge.
    pub(crate) fn grow(&mut self, world: &World) {
        self.log.grow(world.now);
    }

    /// When the next finding will be due, if nothing happens until then.
    pub(crate) fn next_due(&mut self, world: &World) -> Option<Nanos> {
        while let Some(&(since, task)) = self.line.front() {
            if self.hungry.get(task.index()).copied().flatten() == Some(since) {
                break;
            }
            self.line.pop_front();
        }
        let block = self.due.first().map(|&(at, _)| at);
        let hunger = self.line.front().map(|&(since, _)| since + LONG);
        let alone = self.alone_due();
        let next = block.into_iter().chain(hunger).chain(alone).min()?;
        Some(next.max(world.now))
    }

    /// Time has come to a moment of [`Self::next_due`].
    pub(crate) fn fire(&mut self, world: &World, lanes: &Lanes) {
        if let Some(&(at, thread)) = self.due.first()
            && at <= world.now
        {
            self.due.pop_first();
            self.blocked_loop(world, lanes, thread);
        } else if let Some(&(since, task)) = self.line.front()
            && since + LONG <= world.now
        {
            self.line.pop_front();
            self.starves(world, lanes, task, since);
        } else {
            self.fire_alone(world, lanes);
        }
    }

    /// An event has happened.
    // table
    pub(crate) fn event(&mut self, world: &World, lanes: &Lanes, kind: EventKind) {
        match kind {
            EventKind::PollStarted { thread, .. } => self.turn_begins(world, thread),
            EventKind::PollEnded { thread, .. }
            | EventKind::ThreadEnded { thread }
            | EventKind::Dropped { thread, .. } => self.turn_ends(world, thread),
            EventKind::BlockStarted {
                actor: Actor::Task(_),
                thread,
                ..
            } => self.block_begins(world, thread),
            EventKind::BlockEnded {
                actor: Actor::Task(_),
                thread,
            } => self.block_ends(world, lanes, thread),
            EventKind::RequestSent { request, .. } => self.request_sent(world, lanes, request),
            EventKind::JobQueued { job, .. }
            | EventKind::JobStarted { job, .. }
            | EventKind::JobEnded { job, .. } => self.pool(world, lanes, job),
            EventKind::TaskEnded { task, outcome } => {
                let polls = world.task(task).map_or(1, |task| task.polls);
                // Somebody else may have run a coroutine in place.
                if polls == 0 && outcome != Outcome::Completed || outcome == Outcome::NeverPolled {
                    self.never_polled(world, lanes, task);
                }
            }
            EventKind::RunEnded { .. } => {
                let never = |state| matches!(state, State::Ready | State::Created);
                for task in &world.tasks {
                    if task.polls == 0 && task.ended.is_none() && never(task.state) {
                        self.never_polled(world, lanes, task.id);
                    }
                }
                self.log.close_all(world.now);
            }
            _ => {}
        }
        self.shared_event(world, lanes, kind);
    }

    /// A task has gone from one state to another.
    pub(crate) fn task_moved(&mut self, world: &World, lanes: &Lanes, id: TaskId, from: State) {
        let Some(task) = world.task(id) else {
            return;
        };
        if self.hungry.len() <= id.index() {
            // Ids are dense, so this adds one entry at most.
            self.hungry.resize(id.index() + 1, None);
        }
        match (from.is_hungry(), task.state.is_hungry()) {
            (false, true) => {
                self.hungry[id.index()] = Some(world.now);
                if task.role != TaskRole::Heartbeat {
                    self.line.push_back((world.now, id));
                }
                self.join_holding(world, lanes.of(Actor::Task(id)), Some(task));
            }
            (true, false) => {
                self.hungry[id.index()] = None;
                self.ate(world, id);
            }
            _ => {}
        }
    }

    fn request_sent(&mut self, world: &World, lanes: &Lanes, request: RequestId) {
        self.join_holding(world, lanes.of_request(request), None);
    }
}
