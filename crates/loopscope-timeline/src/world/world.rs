//! The state of everything at one moment, and the first mentions of what is in it.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use crate::world::entries::{Beats, Doing, Job, Request, Task, Thread};
use crate::world::shared::{OtherPool, Pool, Shared};
use crate::world::vector::Vector;
use loopscope_trace::{
    Actor, BlockKind, EndReason, EventKind, JobId, NamedPool, Nanos, ProcessId, Program, RequestId,
    StepId, Story, TaskId, TaskRole, ThreadId, ThreadRole,
};

/// Everything at one moment. Lists are indexed by the dense ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct World {
    /// The moment.
    pub now: Nanos,
    /// How many events have been applied.
    pub applied: usize,
    /// All tasks so far, ended ones included.
    pub tasks: Vector<Task>,
    /// All jobs so far.
    pub jobs: Vector<Job>,
    /// All requests so far.
    pub requests: Vector<Request>,
    /// All threads so far.
    pub threads: Vector<Thread>,
    /// Tasks that could run, in the order in which they became ready (overdue ones not included).
    pub ready: VecDeque<TaskId>,
    /// Tasks whose timer has run out unnoticed, in the order in which that happened.
    pub overdue: VecDeque<TaskId>,
    /// Requests in the backlog, in order of arrival.
    pub backlog: VecDeque<RequestId>,
    /// Jobs that are queued because all threads of the pool are taken, in order.
    pub job_queue: VecDeque<JobId>,
    /// Jobs for which a thread is free that has not begun them yet, in order.
    pub(crate) job_starting: VecDeque<JobId>,
    /// Jobs that the last event moved without naming them.
    pub(crate) moved: Vec<JobId>,
    /// The default pool.
    pub pool: Pool,
    /// The story's own pools, in its order.
    pub pools: Vec<OtherPool>,
    /// The pool of child processes.
    pub children: OtherPool,
    /// What actors share.
    pub shared: Shared,
    /// What is put on the loop by no other task, by time; empty where the story does not tell.
    pub programs: Arc<[Program]>,
    /// The heartbeat.
    pub beats: Beats,
    /// The heartbeats of further loops.
    pub more_beats: Vec<Beats>,
    /// How many lines have been printed.
    pub outputs: usize,
    /// Lost events so far.
    pub dropped: u64,
    /// Events that arrived too late for their place in the order so far.
    pub late: u64,
    /// The server is being stopped; politely, or else by an interrupt.
    pub stopping: Option<bool>,
    /// Transitions that the table does not allow (for `doctor` and the status line).
    pub problems: u32,
    /// The run's end, once it has ended.
    pub ended: Option<EndReason>,
    /// When the timers of waiting tasks run out.
    pub(crate) timers: BTreeSet<(Nanos, TaskId)>,
    /// Tasks that a lost event could concern; those that have ended are taken out when it happens.
    pub(crate) known: Vec<TaskId>,
    /// Tasks that the last loss made unknown.
    pub(crate) forgotten: Vec<TaskId>,
}

impl World {
    /// The world of `story` before anything has happened.
    pub fn new(story: &Story) -> Self {
        let other = |named: &NamedPool| OtherPool {
            pool: Pool::of(named.threads),
            ..OtherPool::default()
        };
        let copies = story.runtime.processes.max(1);
        Self {
            pool: Pool::of(story.runtime.pool_threads.saturating_mul(copies)),
            pools: story.pools.iter().map(other).collect(),
            shared: Shared::new(story),
            programs: story.programs.as_slice().into(),
            ..Self::default()
        }
    }

    /// The task behind `id`.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.get(id.index())
    }

    /// The job behind `id`.
    pub fn job(&self, id: JobId) -> Option<&Job> {
        self.jobs.get(id.index())
    }

    /// The request behind `id`.
    pub fn request(&self, id: RequestId) -> Option<&Request> {
        self.requests.get(id.index())
    }

    /// The thread behind `id`.
    pub fn thread(&self, id: ThreadId) -> Option<&Thread> {
        self.threads.get(id.index())
    }

    /// The threads that poll tasks, in order of appearance.
    pub fn loops(&self) -> impl Iterator<Item = &Thread> {
        self.threads
            .iter()
            .filter(|thread| thread.role == ThreadRole::Loop)
    }

    /// The thread that an actor is on, or was on last if it is a job.
    pub fn thread_of(&self, actor: Actor) -> Option<ThreadId> {
        match actor {
            Actor::Task(id) => self.task(id)?.thread,
            Actor::Job(id) => self.job(id)?.thread,
        }
    }

    /// The step that an actor is in.
    pub fn step_of(&self, actor: Actor) -> Option<StepId> {
        match actor {
            Actor::Task(id) => self.task(id)?.step,
            Actor::Job(id) => self.job(id)?.step,
        }
    }

    /// How an actor holds its thread, and since when.
    pub(crate) fn blocking_of(&self, actor: Actor) -> Option<(BlockKind, Nanos)> {
        match actor {
            Actor::Task(id) => self.task(id)?.blocking,
            Actor::Job(id) => self.job(id)?.blocking,
        }
    }

    /// The child process that an actor runs in.
    pub(crate) fn process_of(&self, actor: Actor) -> Option<ProcessId> {
        let thread = match actor {
            Actor::Task(id) => self.task(id).and_then(|task| task.thread.or(task.home)),
            Actor::Job(id) => self.job(id).and_then(|job| job.thread),
        };
        self.thread(thread?)?.process
    }

    /// All pools of threads that have had work, as one; the default one before any has.
    pub fn pools_in_use(&self) -> Pool {
        let others = self.pools.iter().map(|other| &other.pool);
        let all = std::iter::once(&self.pool).chain(others);
        let used = all.filter(|pool| pool.peak_busy + pool.peak_queued > 0);
        let sum = used.fold(Pool::default(), |sum, pool| Pool {
            threads: sum.threads.saturating_add(pool.threads),
            busy: sum.busy + pool.busy,
            queued: sum.queued + pool.queued,
            peak_busy: sum.peak_busy + pool.peak_busy,
            peak_queued: sum.peak_queued + pool.peak_queued,
        });
        if sum.threads == 0 { self.pool } else { sum }
    }

    /// What the threads do that have a job of a pool.
    pub(crate) fn doing_jobs_of(&self, pool: u16) -> impl Iterator<Item = Doing> {
        let doing = self.threads.iter().filter_map(|thread| thread.doing);
        doing.filter(move |doing| match doing.actor {
            Actor::Job(job) => self.job(job).is_some_and(|job| job.pool == pool),
            Actor::Task(_) => false,
        })
    }

    /// The pool that a job is for, and who is queued for it.
    pub(crate) fn pool_of(&self, pool: u16) -> (&Pool, &VecDeque<JobId>) {
        match self.other_pool(pool) {
            Some(other) => (&other.pool, &other.queue),
            None => (&self.pool, &self.job_queue),
        }
    }

    fn other_pool(&self, pool: u16) -> Option<&OtherPool> {
        let place = usize::from(pool).checked_sub(1)?;
        match pool {
            EventKind::PROCESS_POOL => Some(&self.children),
            _ => self.pools.get(place),
        }
    }

    /// The loops that can run a task: its own, else all.
    pub(crate) fn loops_of(&self, task: &Task) -> impl Iterator<Item = &Thread> {
        let home = task.home;
        self.loops()
            .filter(move |thread| home.is_none_or(|home| home == thread.id))
    }

    /// The loops that can let a request in: those of accept tasks, else all.
    pub(crate) fn loops_of_requests(&self) -> impl Iterator<Item = &Thread> {
        let server = |thread: &&Thread| self.serves(thread.id);
        let any = self.loops().any(|thread| self.serves(thread.id));
        self.loops().filter(move |thread| !any || server(thread))
    }

    fn serves(&self, thread: ThreadId) -> bool {
        // A server's accept task is one of the first tasks of its loop.
        let homes = self.tasks.iter().take_while(|task| !task.role.is_story());
        homes
            .filter(|task| task.role == TaskRole::Accept)
            .any(|task| task.home == Some(thread))
    }

    /// Who has the loop that a task needs: of several loops the one that has been held longest.
    pub(crate) fn holder_of(&self, task: TaskId) -> Option<(ThreadId, Doing)> {
        let task = self.task(task)?;
        let held = self
            .loops_of(task)
            .filter_map(|thread| Some((thread.id, thread.doing?)));
        held.min_by_key(|(_, doing)| doing.since)
    }

    /// Whether there are loops that do not share their tasks: second ones, or those of processes.
    pub fn has_own_loops(&self) -> bool {
        self.tasks.iter().take(8).any(|task| task.home.is_some())
    }

    /// Counts a problem where something that must be true is not.
    pub(crate) fn check(&mut self, is_true: bool) {
        if !is_true {
            self.problems = self.problems.saturating_add(1);
        }
    }

    /// The thread of a first or later mention; `None` for an id that leaves a gap.
    pub(crate) fn mentioned_thread(&mut self, id: ThreadId) -> Option<&mut Thread> {
        if id.index() == self.threads.len() {
            self.threads.push(Thread::new(id));
        }
        self.check(id.index() < self.threads.len());
        self.threads.get_mut(id.index())
    }

    /// The task of a first or later mention. A first one that does not introduce it is a problem,
    /// unless events were lost; one that introduces a known task again is refused.
    pub(crate) fn mentioned_task(&mut self, id: TaskId, introduces: bool) -> Option<&mut Task> {
        let (now, lossy) = (self.now, self.dropped > 0);
        let (allowed, usable) = mention(&mut self.tasks, id.index(), [introduces, lossy], || {
            Task::new(id, now)
        });
        self.check(allowed);
        self.tasks.get_mut(id.index()).filter(|_| usable)
    }

    /// The job of a mention, by the same rules.
    pub(crate) fn mentioned_job(&mut self, id: JobId, introduces: bool) -> Option<&mut Job> {
        let (now, lossy) = (self.now, self.dropped > 0);
        let (allowed, usable) = mention(&mut self.jobs, id.index(), [introduces, lossy], || {
            Job::new(id, now)
        });
        self.check(allowed);
        self.jobs.get_mut(id.index()).filter(|_| usable)
    }

    /// The request of a mention, by the same rules.
    pub(crate) fn mentioned_request(
        &mut self,
        id: RequestId,
        introduces: bool,
    ) -> Option<&mut Request> {
        let (now, lossy) = (self.now, self.dropped > 0);
        let (allowed, usable) =
            mention(&mut self.requests, id.index(), [introduces, lossy], || {
                Request::new(id, now)
            });
        self.check(allowed);
        self.requests.get_mut(id.index()).filter(|_| usable)
    }
}

/// Adds the entry of a first mention; whether the mention is allowed, and whether it may be used.
fn mention<T: Clone>(
    list: &mut Vector<T>,
    place: usize,
    [introduces, lossy]: [bool; 2],
    new: impl FnOnce() -> T,
) -> (bool, bool) {
    let is_new = place == list.len();
    if is_new {
        list.push(new());
    }
    let is_known = place < list.len();
    (
        is_known && (is_new == introduces || lossy),
        is_new || !introduces,
    )
}
