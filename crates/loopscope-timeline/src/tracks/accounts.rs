//! How long each task and job was in which state, and the highest counts.

use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{
    BlockKind, EventKind, JobId, Nanos, StepId, TaskId, TaskRole, ThreadRole, WakeCause,
};

/// How long a task or a job was in which state. All but `blocking` add up to its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// On a loop's thread, or on a thread of the pool; `blocking` included.
    pub running: Nanos,
    /// The part of `running` in which it held its thread by a block or a computation.
    pub blocking: Nanos,
    /// Could run, and the loop was busy.
    pub ready: Nanos,
    /// Its timer had run out unnoticed.
    pub overdue: Nanos,
    /// Wanted a thread of the pool.
    pub queued: Nanos,
    /// Stopped at an await.
    pub waiting: Nanos,
    /// A coroutine that had not been started.
    pub created: Nanos,
    /// Events were lost.
    pub unknown: Nanos,
}

impl Times {
    /// From creation to the end, or to now.
    pub fn total(&self) -> Nanos {
        let wants = self.ready + self.overdue + self.queued;
        self.running + wants + self.waiting + self.created + self.unknown
    }

    fn add(&mut self, state: State, blocks: bool, length: Nanos) {
        match state {
            State::Running | State::Blocking | State::OnPool => {
                self.running += length;
                if blocks {
                    self.blocking += length;
                }
            }
            State::Ready => self.ready += length,
            State::Overdue => self.overdue += length,
            State::Queued => self.queued += length,
            State::Waiting => self.waiting += length,
            State::Unknown => self.unknown += length,
            State::Created => self.created += length,
            State::InBacklog | State::Done | State::Cancelled | State::Failed => {}
        }
    }
}

/// The highest counts so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peaks {
    /// Tasks that were ready at the same time, the heartbeat left out.
    pub ready: u32,
    /// Requests that were in the backlog at the same time.
    pub backlog: u32,
    /// Tasks that were alive at the same time, the heartbeat left out.
    pub tasks: u32,
    /// Jobs that were on a thread at the same time, in all pools of threads.
    pub pool_threads: u32,
    /// Jobs that were queued for one at the same time.
    pub pool_queue: u32,
}

/// How often, and for how long in all, a step slept, waited for a timer, or computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hold {
    /// How often it did, ended ones only.
    pub count: u32,
    /// For how long in all.
    pub total: Nanos,
    /// It computes; else it sleeps.
    pub computes: bool,
}

/// The account of one task or job: closed stretches, and the one that goes on.
#[derive(Clone, Debug, Default)]
struct Account {
    /// Made with the first stretch that has a length.
    times: Option<Box<Times>>,
    state: State,
    blocks: bool,
    since: Nanos,
}

impl Account {
    fn opened(now: Nanos) -> Self {
        Self {
            since: now,
            ..Self::default()
        }
    }

    fn enter(&mut self, state: State, blocks: bool, now: Nanos) {
        let length = now.since(self.since);
        if length > Nanos::ZERO {
            let times = self.times.get_or_insert_default();
            times.add(self.state, self.blocks, length);
        }
        self.state = state;
        self.blocks = blocks;
        self.since = now;
    }

    fn until(&self, now: Nanos) -> Times {
        let mut times = self.times.as_deref().copied().unwrap_or_default();
        times.add(self.state, self.blocks, now.since(self.since));
        times
    }
}

/// All accounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accounts {
    tasks: Vec<Account>,
    jobs: Vec<Account>,
    ready: u32,
    alive: u32,
    pub(crate) peaks: Peaks,
    /// By step.
    pub(crate) holds: Vec<Hold>,
    /// Since when the loop has nothing to do.
    parked: Option<Nanos>,
    /// By how much the heartbeat was late at most where its loop had nothing to do, and no job a thread.
    pub(crate) late: Nanos,
}

impl Accounts {
    /// Notes what has become of a task; the state that it left and the one that it entered.
    pub(crate) fn task(&mut self, world: &World, id: TaskId) -> Option<(State, State)> {
        let task = world.task(id)?;
        let is_new = id.index() >= self.tasks.len();
        if is_new {
            // Ids are dense, so this adds one account at most.
            self.tasks
                .resize_with(id.index() + 1, || Account::opened(world.now));
        }
        let account = &mut self.tasks[id.index()];
        let (from, to) = (account.state, task.state);
        if from == to && !is_new {
            return None;
        }
        account.enter(to, to == State::Blocking, world.now);
        if !matches!(task.role, TaskRole::Heartbeat | TaskRole::Coroutine) {
            self.ready += u32::from(to == State::Ready);
            self.ready = self.ready.saturating_sub((from == State::Ready).into());
            self.alive += u32::from(is_new);
            self.alive = self.alive.saturating_sub(to.is_final().into());
            self.peaks.ready = self.peaks.ready.max(self.ready);
            self.peaks.tasks = self.peaks.tasks.max(self.alive);
        }
        Some((from, to))
    }

    /// Notes what has become of a job.
    pub(crate) fn job(&mut self, world: &World, id: JobId) {
        let Some(job) = world.job(id) else {
            return;
        };
        let (mut busy, mut queued) = (world.pool.busy, world.pool.queued);
        for other in &world.pools {
            busy = busy.saturating_add(other.pool.busy);
            queued = queued.saturating_add(other.pool.queued);
        }
        self.peaks.pool_threads = self.peaks.pool_threads.max(busy);
        self.peaks.pool_queue = self.peaks.pool_queue.max(queued);
        if id.index() >= self.jobs.len() {
            self.jobs
                .resize_with(id.index() + 1, || Account::opened(world.now));
        }
        let account = &mut self.jobs[id.index()];
        let blocks = job.blocking.is_some();
        if account.state != job.state || account.blocks != blocks {
            account.enter(job.state, blocks, world.now);
        }
    }

    /// Notes that the one loop goes to rest, or is woken; `world` stands before the fold of what then is ready.
    pub(crate) fn rests(&mut self, world: &World, kind: EventKind) {
        let is_loop = |thread| {
            world
                .thread(thread)
                .is_some_and(|it| it.role == ThreadRole::Loop)
        };
        match kind {
            EventKind::Parked { thread } if is_loop(thread) => self.parked = Some(world.now),
            EventKind::Unparked { thread } if is_loop(thread) => {
                let beats = world.beats.task.and_then(|task| world.task(task));
                let due = beats.filter(|task| task.state == State::Overdue);
                let parked = self.parked.take();
                let waited = due.zip(parked).filter(|(due, parked)| due.since >= *parked);
                if let Some((due, _)) = waited.filter(|_| world.pools_in_use().busy == 0) {
                    self.late = self.late.max(world.now.since(due.since));
                }
            }
            _ => {}
        }
    }

    /// Notes that a step of the story has slept, waited for a timer, or computed.
    pub(crate) fn held(&mut self, step: StepId, steps: usize, length: Nanos, computes: bool) {
        if step.index() >= steps {
            return;
        }
        self.holds.resize(steps, Hold::default());
        let hold = &mut self.holds[step.index()];
        hold.count = hold.count.saturating_add(1);
        hold.total += length;
        hold.computes = computes;
    }

    /// Notes how many requests are in the backlog.
    pub(crate) fn backlog(&mut self, world: &World) {
        let length = u32::try_from(world.backlog.len()).unwrap_or(u32::MAX);
        self.peaks.backlog = self.peaks.backlog.max(length);
    }

    pub(crate) fn tasks_known(&self) -> usize {
        self.tasks.len()
    }

    pub(crate) fn jobs_known(&self) -> usize {
        self.jobs.len()
    }

    pub(crate) fn of_task(&self, id: TaskId, now: Nanos) -> Times {
        let account = self.tasks.get(id.index());
        account.map_or_else(Times::default, |account| account.until(now))
    }

    pub(crate) fn of_job(&self, id: JobId, now: Nanos) -> Times {
        let account = self.jobs.get(id.index());
        account.map_or_else(Times::default, |account| account.until(now))
    }
}

/// What an event ends: a step, for how long it slept or computed, whether it computed.
pub(crate) fn hold_ended_by(world: &World, kind: EventKind) -> Option<(StepId, Nanos, bool)> {
    match kind {
        EventKind::BlockEnded { actor, .. } => {
            let (kind, since) = world.blocking_of(actor)?;
            let computes = matches!(kind, BlockKind::Cpu | BlockKind::Native);
            Some((world.step_of(actor)?, world.now.since(since), computes))
        }
        EventKind::Woken {
            task,
            by: WakeCause::Timer,
        } => {
            let task = world.task(task)?;
            let waits = matches!(task.state, State::Waiting | State::Overdue);
            let step = task.step.filter(|_| waits)?;
            Some((step, world.now.since(task.stopped), false))
        }
        _ => None,
    }
}
