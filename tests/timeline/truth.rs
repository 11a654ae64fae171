//! What is the case after some events of a trace, read from the events alone: nothing of the library's
//! own world takes part, so that what the screen says can be held against it.

use std::collections::{BTreeMap, BTreeSet};

use loopscope::timeline::Reason;
use loopscope::timeline::explain::{Claim, Does};
use loopscope::trace::{
    Actor, BlockKind, ChannelId, Event, EventKind, JobId, LockId, Nanos, ProcessId, RequestId,
    StackId, StepId, Story, TaskId, TaskRole, ThreadId, ThreadRole, Trace, WaitOn,
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Is {
    Created,
    Ready(Nanos),
    Turn(ThreadId),
    Waits,
    Ended,
}

#[derive(Clone, Debug)]
struct Task {
    role: TaskRole,
    is: Is,
    again: bool,
    deadline: Option<Nanos>,
    on: Option<WaitOn>,
    home: Option<ThreadId>,
    job: Option<JobId>,
}

#[derive(Clone, Debug, Default)]
struct Thread {
    role: Option<ThreadRole>,
    process: Option<ProcessId>,
    turn: Option<Actor>,
    ended: bool,
}

#[derive(Clone, Debug)]
struct Job {
    pool: u16,
    begun: bool,
    ended: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Request {
    let_in: bool,
    answered: bool,
    given_up: bool,
}

/// What is the case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Truth {
    now: Nanos,
    pool_threads: usize,
    threads: BTreeMap<ThreadId, Thread>,
    tasks: BTreeMap<TaskId, Task>,
    jobs: BTreeMap<JobId, Job>,
    requests: BTreeMap<RequestId, Request>,
    steps: BTreeMap<Actor2, StepId>,
    blocks: BTreeMap<Actor2, (ThreadId, BlockKind)>,
    blocked_on: BTreeMap<Actor2, TaskId>,
    owners: BTreeSet<(u32, Actor2)>,
    /// The task that queued a job: what the job still has when it ends is the task's.
    parents: BTreeMap<JobId, TaskId>,
    wanted: BTreeSet<(u32, Actor2)>,
    gil_owners: BTreeSet<ThreadId>,
    gil_wanted: BTreeSet<ThreadId>,
    stopping: bool,
    /// All call stacks, the innermost place first.
    frames: Vec<Vec<StepId>>,
    /// The places that are in files of the user's own.
    own: BTreeSet<StepId>,
    /// In which stack an actor was seen last.
    stacks: BTreeMap<Actor2, StackId>,
}

fn own_steps(story: &Story) -> BTreeSet<StepId> {
    let steps = story.steps.iter().enumerate();
    let own = steps.filter(|(_, step)| {
        let file = step.file.and_then(|file| story.files.get(file.index()));
        file.is_some_and(|file| !file.library)
    });
    own.map(|(place, _)| StepId::from(place)).collect()
}

fn frameworks(task: &Task) -> bool {
    matches!(task.role, TaskRole::Framework | TaskRole::Callback)
}

/// An actor that can be put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Actor2(bool, u32);

fn key(actor: Actor) -> Actor2 {
    match actor {
        Actor::Task(id) => Actor2(false, id.0),
        Actor::Job(id) => Actor2(true, id.0),
    }
}

impl Truth {
    pub(crate) fn new(trace: &Trace) -> Self {
        let story = &trace.story;
        let copies = story.runtime.processes.max(1);
        Self {
            pool_threads: (story.runtime.pool_threads * copies) as usize,
            frames: trace.stacks.clone(),
            own: own_steps(story),
            ..Self::default()
        }
    }

    /// Nothing happens until `now`.
    pub(crate) fn advance(&mut self, now: Nanos) {
        self.now = now;
    }

    /// An event happens.
    #[expect(clippy::too_many_lines, reason = "an exhaustive match of the events")]
    pub(crate) fn happens(&mut self, event: &Event) {
        self.now = event.at;
        let now = self.now;
        match event.kind {
            EventKind::ThreadStarted { thread, role, .. }
            | EventKind::RoleChanged { thread, role } => {
                self.threads.entry(thread).or_default().role = Some(role);
            }
            EventKind::ThreadEnded { thread } => self.thread_ends(thread),
            EventKind::ThreadOfProcess { thread, process } => {
                self.threads.entry(thread).or_default().process = Some(process);
            }
            EventKind::ProcessEnded { process, .. } => self.process_ends(process),
            EventKind::TaskSpawned { task, role, .. } => {
                let is = match role {
                    TaskRole::Coroutine => Is::Created,
                    _ => Is::Ready(now),
                };
                self.tasks.insert(
                    task,
                    Task {
                        role,
                        is,
                        again: false,
                        deadline: None,
                        on: None,
                        home: None,
                        job: None,
                    },
                );
            }
            EventKind::TaskNamed { task, role, .. } => self.task(task).role = role,
            EventKind::Stack { actor, stack } => {
                self.stacks.insert(key(actor), stack);
            }
            EventKind::TaskOnLoop { task, thread } => self.task(task).home = Some(thread),
            EventKind::PollStarted { task, thread } => {
                let of = self.task(task);
                of.is = Is::Turn(thread);
                of.again = false;
                of.deadline = of.deadline.filter(|&deadline| deadline > now);
                of.on = of.on.filter(|&on| on != WaitOn::Turn);
                self.threads.entry(thread).or_default().turn = Some(Actor::Task(task));
            }
            EventKind::PollEnded { task, thread } => {
                self.threads.entry(thread).or_default().turn = None;
                let of = self.task(task);
                if of.is == Is::Turn(thread) {
                    let again = of.again || of.on == Some(WaitOn::Turn);
                    of.is = if again { Is::Ready(now) } else { Is::Waits };
                    self.blocks.remove(&key(Actor::Task(task)));
                }
            }
            EventKind::FuturePolled { future, .. } => {
                let of = self.task(future);
                if of.is == Is::Created {
                    of.is = Is::Waits;
                }
            }
            EventKind::Woken { task, .. } => {
                let of = self.task(task);
                match of.is {
                    Is::Ended | Is::Ready(_) => {}
                    Is::Turn(_) => of.again = true,
                    Is::Created | Is::Waits => of.is = Is::Ready(now),
                }
            }
            EventKind::TaskEnded { task, .. } => {
                self.task(task).is = Is::Ended;
                self.leaves(Actor::Task(task));
            }
            EventKind::StepEntered { actor, step } => {
                self.steps.insert(key(actor), step);
                if let Actor::Task(task) = actor {
                    let of = self.task(task);
                    (of.deadline, of.on) = (None, None);
                }
            }
            EventKind::WaitingTimer { task, deadline } => {
                let of = self.task(task);
                (of.deadline, of.on) = (Some(deadline), None);
            }
            EventKind::Waiting { task, on } => {
                let of = self.task(task);
                (of.deadline, of.on) = (None, Some(on));
                if let WaitOn::Job(job) = on {
                    of.job = Some(job);
                }
            }
            EventKind::BlockStarted {
                actor,
                thread,
                kind,
            } => {
                self.blocks.insert(key(actor), (thread, kind));
            }
            EventKind::BlockEnded { actor, .. } => {
                self.blocks.remove(&key(actor));
                self.blocked_on.remove(&key(actor));
            }
            EventKind::BlockedOn { actor, task } => {
                self.blocked_on.insert(key(actor), task);
            }
            EventKind::JobQueued {
                job, parent, pool, ..
            } => {
                let of = Job {
                    pool,
                    begun: false,
                    ended: false,
                };
                self.jobs.insert(job, of);
                self.parents.insert(job, parent);
                if let Some(task) = self.tasks.get_mut(&parent) {
                    task.job = Some(job);
                }
            }
            EventKind::JobStarted { job, thread } => {
                self.job(job).begun = true;
                self.threads.entry(thread).or_default().turn = Some(Actor::Job(job));
            }
            EventKind::JobEnded { job, .. } => {
                self.job(job).ended = true;
                if let Some(&parent) = self.parents.get(&job) {
                    let left = key(Actor::Job(job));
                    let its = self.owners.clone().into_iter();
                    for (lock, _) in its.filter(|(_, owner)| *owner == left) {
                        self.owners.insert((lock, key(Actor::Task(parent))));
                    }
                }
                self.leaves(Actor::Job(job));
                for thread in self.threads.values_mut() {
                    thread.turn = thread.turn.filter(|&turn| turn != Actor::Job(job));
                }
            }
            EventKind::RequestSent { request, .. } => {
                self.requests.insert(request, Request::default());
            }
            EventKind::RequestAccepted { request, .. } => self.request(request).let_in = true,
            EventKind::RequestAnswered { request, .. } => self.request(request).answered = true,
            EventKind::RequestGivenUp { request } => self.request(request).given_up = true,
            EventKind::LockWanted { actor, lock, .. } => {
                self.wanted.insert((lock.into(), key(actor)));
            }
            EventKind::LockTaken { actor, lock, .. } => {
                self.wanted.remove(&(lock.into(), key(actor)));
                self.owners.insert((lock.into(), key(actor)));
            }
            EventKind::LockReleased {
                actor,
                lock,
                wanted,
            } => {
                let of = (lock.into(), key(actor));
                if wanted || !self.owners.remove(&of) {
                    self.wanted.remove(&of);
                }
            }
            EventKind::GilWanted { thread } => {
                self.gil_wanted.insert(thread);
            }
            EventKind::GilTaken { thread } => {
                self.gil_wanted.remove(&thread);
                self.gil_owners.insert(thread);
            }
            EventKind::GilReleased { thread } => {
                self.gil_owners.remove(&thread);
                self.gil_wanted.remove(&thread);
            }
            EventKind::ServerStopping { .. } => self.stopping = true,
            EventKind::Dropped { .. } => panic!("a loss is told by nothing that can be held"),
            _ => {}
        }
    }

    fn task(&mut self, id: TaskId) -> &mut Task {
        self.tasks.get_mut(&id).expect("an event introduced it")
    }

    fn job(&mut self, id: JobId) -> &mut Job {
        self.jobs.get_mut(&id).expect("an event introduced it")
    }

    fn request(&mut self, id: RequestId) -> &mut Request {
        self.requests.get_mut(&id).expect("an event introduced it")
    }

    /// An actor that has ended holds and wants nothing.
    fn leaves(&mut self, actor: Actor) {
        self.blocks.remove(&key(actor));
        self.blocked_on.remove(&key(actor));
        self.owners.retain(|(_, owner)| *owner != key(actor));
        self.wanted.retain(|(_, other)| *other != key(actor));
    }

    fn thread_ends(&mut self, id: ThreadId) {
        let thread = self.threads.entry(id).or_default();
        thread.ended = true;
        thread.turn = None;
        self.gil_owners.remove(&id);
        self.gil_wanted.remove(&id);
    }

    fn process_ends(&mut self, id: ProcessId) {
        let threads = self.threads.iter();
        let threads = threads.filter(|(_, thread)| thread.process == Some(id));
        let threads: Vec<ThreadId> = threads.map(|(&thread, _)| thread).collect();
        for thread in threads {
            self.thread_ends(thread);
            let orphans = self.tasks.iter();
            let orphans = orphans.filter(|(_, task)| task.home == Some(thread));
            let orphans: Vec<TaskId> = orphans.map(|(&task, _)| task).collect();
            for task in orphans {
                self.task(task).is = Is::Ended;
                self.leaves(Actor::Task(task));
            }
        }
    }

    fn loops(&self) -> Vec<ThreadId> {
        let threads = self.threads.iter();
        let loops =
            threads.filter(|(_, thread)| thread.role == Some(ThreadRole::Loop) && !thread.ended);
        loops.map(|(&id, _)| id).collect()
    }

    fn on_threads(&self, role: ThreadRole) -> BTreeSet<Actor2> {
        let threads = self.threads.values();
        let threads = threads.filter(|thread| thread.role == Some(role));
        threads.filter_map(|thread| thread.turn).map(key).collect()
    }

    /// Whose timer has run out while it waits.
    fn overdue(&self, task: &Task) -> bool {
        task.is == Is::Waits && task.deadline.is_some_and(|deadline| deadline <= self.now)
    }

    fn tasks_that(&self, is: impl Fn(&Task) -> bool) -> BTreeSet<TaskId> {
        let tasks = self.tasks.iter();
        tasks
            .filter(|(_, task)| is(task))
            .map(|(&id, _)| id)
            .collect()
    }

    fn backlog(&self) -> BTreeSet<RequestId> {
        let requests = self.requests.iter();
        let waiting = requests.filter(|(_, request)| !request.let_in && !request.answered);
        waiting.map(|(&id, _)| id).collect()
    }

    /// Jobs of the default pool for which no thread is left, and those that will have one.
    fn queue(&self) -> (Vec<JobId>, Vec<JobId>) {
        let of = |job: &Job| job.pool == 0 && !job.ended;
        let busy = self
            .jobs
            .values()
            .filter(|job| of(job) && job.begun)
            .count();
        let waiting = self.jobs.iter().filter(|(_, job)| of(job) && !job.begun);
        let waiting: Vec<JobId> = waiting.map(|(&id, _)| id).collect();
        let free = self.pool_threads.saturating_sub(busy).min(waiting.len());
        (waiting[free..].to_vec(), waiting[..free].to_vec())
    }

    fn in_step(&self, actor: Actor, step: Option<StepId>) -> bool {
        step.is_none() || self.steps.get(&key(actor)).copied() == step
    }

    /// Whether the innermost of the user's own places in an actor's stack is the one that it is in, and `from` the
    /// outermost.
    fn is_called_from(&self, actor: Actor, from: StepId) -> bool {
        let stack = self.stacks.get(&key(actor));
        let frames = stack.and_then(|stack| self.frames.get(stack.index()));
        let own = frames
            .into_iter()
            .flatten()
            .filter(|step| self.own.contains(step));
        let own: Vec<StepId> = own.copied().collect();
        let here = self.steps.get(&key(actor));
        here != Some(&from)
            && here.is_some_and(|here| own.contains(here))
            && own.last() == Some(&from)
    }

    /// Whether there is a task of this role that is alive.
    fn lives(&self, role: TaskRole) -> bool {
        let mut tasks = self.tasks.values();
        tasks.any(|task| task.role == role && task.is != Is::Ended)
    }

    fn no_heartbeat_is_late(&self) -> bool {
        self.tasks.values().all(|task| {
            let since = match task.is {
                Is::Ready(since) => since,
                _ if self.overdue(task) => task.deadline.unwrap_or_default(),
                _ => return true,
            };
            task.role != TaskRole::Heartbeat || self.now.since(since) < Claim::NOT_LATE
        })
    }

    /// Why a claim is not true; `None` where it is.
    #[expect(clippy::too_many_lines, reason = "an exhaustive match of the claims")]
    pub(crate) fn refute(&self, claim: &Claim) -> Option<String> {
        let no = |holds: bool, why: &str| (!holds).then(|| format!("{why}: {claim:?}"));
        let set = |actors: &[Actor]| actors.iter().copied().map(key).collect::<BTreeSet<_>>();
        let story = |task: &Task| task.role.is_story();
        match claim {
            Claim::Circle(links) => {
                let next = links.iter().cycle().skip(1);
                let mut pairs = links.iter().zip(next);
                let broken = pairs.find(|(link, next)| {
                    !self.waits_so(link.actor, link.reason, next.actor)
                        || !self.in_step(link.actor, link.step)
                });
                broken.map(|(link, _)| format!("does not wait so: {link:?}"))
            }
            Claim::Holds {
                actor,
                thread,
                step,
                from,
                only,
            } => no(
                self.blocks.get(&key(*actor)).map(|(on, _)| *on) == Some(*thread)
                    && from.is_none_or(|from| self.is_called_from(*actor, from))
                    && self.threads[thread].turn == Some(*actor)
                    && self.threads[thread].role == Some(ThreadRole::Loop)
                    && self.in_step(*actor, *step)
                    && *only == (self.loops() == [*thread]),
                "does not hold it",
            ),
            Claim::Helps { kind, step } => no(
                self.blocks.iter().any(|(actor, (_, how))| {
                    how == kind && self.steps.get(actor).copied() == *step
                }),
                "no loop is held so",
            ),
            Claim::KeptOut(who) => no(
                who.iter().copied().collect::<BTreeSet<_>>() == self.backlog() && self.is_held(),
                "another backlog, or no loop is held",
            ),
            Claim::Unnoticed(tasks) => no(
                tasks.iter().copied().collect::<BTreeSet<_>>()
                    == self.tasks_that(|task| self.overdue(task) && !frameworks(task))
                    && self.is_held(),
                "others are overdue, or no loop is held",
            ),
            Claim::CannotRun(tasks) => no(
                tasks.iter().copied().collect::<BTreeSet<_>>()
                    == self.tasks_that(|task| story(task) && matches!(task.is, Is::Ready(_)))
                    && self.is_held(),
                "others are ready, or no loop is held",
            ),
            Claim::FullPool {
                threads,
                step,
                queued,
            } => {
                let jobs = self.jobs.iter();
                let busy = jobs.filter(|(_, job)| job.pool == 0 && job.begun && !job.ended);
                let busy: Vec<JobId> = busy.map(|(&id, _)| id).collect();
                no(
                    self.pool_threads == *threads as usize
                        && busy.len() == self.pool_threads
                        && busy.iter().all(|&job| self.in_step(Actor::Job(job), *step))
                        && self.queue().0 == *queued,
                    "the pool is not so full",
                )
            }
            Claim::Runs { task, thread, does } => {
                let of = &self.tasks[task];
                let role = of.role;
                let job = of.job.map(|job| self.jobs[&job].ended);
                let does = match does {
                    Does::Step(step) => *step == self.steps.get(&key(Actor::Task(*task))).copied(),
                    Does::LetsIn(who) => {
                        role == TaskRole::Accept
                            && who.iter().copied().collect::<BTreeSet<_>>() == self.backlog()
                    }
                    Does::HandsOver => role == TaskRole::Dispatch && job != Some(true),
                    Does::TakesBack => role == TaskRole::Dispatch && job == Some(true),
                    Does::Beats => role == TaskRole::Heartbeat,
                };
                no(
                    does && self.threads[thread].turn == Some(Actor::Task(*task))
                        && !self.blocks.contains_key(&key(Actor::Task(*task))),
                    "has no such turn",
                )
            }
            Claim::Ready(tasks) => no(
                tasks.iter().copied().collect::<BTreeSet<_>>()
                    == self.tasks_that(|task| matches!(task.is, Is::Ready(_))),
                "others are ready",
            ),
            Claim::Overdue(tasks) => no(
                tasks.iter().copied().collect::<BTreeSet<_>>()
                    == self.tasks_that(|task| story(task) && self.overdue(task)),
                "others are overdue",
            ),
            Claim::Backlog { requests, accept } => no(
                requests.iter().copied().collect::<BTreeSet<_>>() == self.backlog()
                    && (!accept || self.lives(TaskRole::Accept) && !self.stopping),
                "another backlog",
            ),
            Claim::OnPool { actors, step } => no(
                set(actors) == self.on_threads(ThreadRole::Pool)
                    && actors.iter().all(|&actor| self.in_step(actor, *step)),
                "others are on pool threads",
            ),
            Claim::Starting(jobs) => no(
                jobs.iter()
                    .all(|job| !self.jobs[job].begun && !self.jobs[job].ended)
                    && jobs
                        .iter()
                        .filter(|job| self.jobs[job].pool == 0)
                        .eq(&self.queue().1),
                "no thread is free for them",
            ),
            Claim::HasGil { thread, waiters } => {
                let process = |thread: &ThreadId| self.threads[thread].process;
                let wanted = self.gil_wanted.iter();
                let wanted = wanted.filter(|other| process(other) == process(thread));
                no(
                    self.gil_owners.contains(thread) && wanted.count() == *waiters,
                    "another thread has it",
                )
            }
            Claim::InProcesses {
                jobs,
                step,
                processes,
            } => {
                let all: BTreeSet<_> = jobs
                    .iter()
                    .map(|(thread, _)| self.threads[thread].process)
                    .collect();
                let actors: Vec<Actor> = jobs.iter().map(|&(_, actor)| actor).collect();
                no(
                    all.len() == *processes
                        && set(&actors) == self.on_threads(ThreadRole::Process)
                        && jobs
                            .iter()
                            .all(|(thread, actor)| self.threads[thread].turn == Some(*actor))
                        && actors.iter().all(|&actor| self.in_step(actor, *step)),
                    "others run in processes",
                )
            }
            Claim::HasLock {
                lock,
                owners,
                waiters,
            } => {
                let LockId(of) = *lock;
                let have = self.owners.iter().filter(|(lock, _)| *lock == of);
                let wanted = self.wanted.iter().filter(|(lock, _)| *lock == of);
                no(
                    set(owners) == have.map(|(_, actor)| *actor).collect()
                        && set(waiters) == wanted.map(|(_, actor)| *actor).collect(),
                    "another one has it",
                )
            }
            Claim::Waiting { tasks, step } => no(
                tasks.iter().copied().collect::<BTreeSet<_>>()
                    == self.tasks_that(|task| {
                        story(task) && task.is == Is::Waits && !self.overdue(task)
                    })
                    && tasks
                        .iter()
                        .all(|&task| self.in_step(Actor::Task(task), *step)),
                "others wait",
            ),
            Claim::Created(tasks) => no(
                tasks.iter().copied().collect::<BTreeSet<_>>()
                    == self.tasks_that(|task| task.is == Is::Created),
                "others were created",
            ),
            Claim::Answered {
                answered,
                sent,
                given_up,
            } => {
                let requests = || self.requests.values();
                let left = |request: &&Request| request.given_up && !request.answered;
                no(
                    requests().filter(|request| request.answered).count() == *answered
                        && requests().count() == *sent
                        && requests().filter(left).count() == *given_up,
                    "not so many",
                )
            }
            Claim::AllEnded => no(
                self.tasks_that(|task| story(task) && task.is != Is::Ended)
                    .is_empty()
                    && self.jobs.values().all(|job| job.ended),
                "not all have ended",
            ),
            Claim::NothingAsked => no(
                self.requests.is_empty() && self.tasks_that(story).is_empty(),
                "something was asked",
            ),
            Claim::Free {
                loops,
                lets_in,
                beats,
                pool_is_full,
            } => {
                let all = self.loops();
                no(
                    all.len() == *loops
                        && all.iter().all(|thread| self.threads[thread].turn.is_none())
                        && (!lets_in || self.lives(TaskRole::Accept) && !self.stopping)
                        && (!beats
                            || self.lives(TaskRole::Heartbeat) && self.no_heartbeat_is_late())
                        && (!pool_is_full || self.queue().1.is_empty()),
                    "a loop is not free",
                )
            }
        }
    }

    /// Whether a task holds a loop by a block.
    fn is_held(&self) -> bool {
        let mut loops = self.loops().into_iter();
        loops.any(|thread| {
            let turn = self.threads[&thread].turn;
            turn.is_some_and(|turn| self.blocks.contains_key(&key(turn)))
        })
    }

    fn waits_so(&self, actor: Actor, reason: Reason, next: Actor) -> bool {
        let task = match actor {
            Actor::Task(id) => Some(&self.tasks[&id]),
            Actor::Job(_) => None,
        };
        match reason {
            Reason::Blocks(other) => {
                self.blocked_on.get(&key(actor)) == Some(&other) && next == Actor::Task(other)
            }
            Reason::Task(other) => {
                next == Actor::Task(other)
                    && task.is_some_and(|task| task.on == Some(WaitOn::Task(other)))
            }
            Reason::Job(other) => {
                next == Actor::Job(other)
                    && task.is_some_and(|task| task.on == Some(WaitOn::Job(other)))
            }
            Reason::Loop(thread) => {
                self.threads[&thread].turn == Some(next)
                    && self.blocks.contains_key(&key(next))
                    && task.is_some_and(|task| {
                        task.home
                            .map_or(self.loops().contains(&thread), |home| home == thread)
                    })
            }
            Reason::Lock(lock) => {
                // Who reads waits for a writer that has only asked, if that was before.
                let next = (lock.into(), key(next));
                (self.owners.contains(&next) || self.wanted.contains(&next))
                    && self.wanted.contains(&(lock.into(), key(actor)))
            }
            Reason::Channel(channel) => {
                task.is_some_and(|task| task.on == Some(WaitOn::Channel(ChannelId(channel.into()))))
            }
            Reason::Room(channel) => {
                task.is_some_and(|task| task.on == Some(WaitOn::Room(ChannelId(channel.into()))))
            }
            Reason::Pool(_) => matches!(actor, Actor::Job(job) if !self.jobs[&job].begun),
            Reason::Wrote(_) => false,
        }
    }
}
