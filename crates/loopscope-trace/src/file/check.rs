//! Holds events against the law: time never goes back, and every id has been introduced.
// table

use super::limits;
use crate::{
    Actor, ClientId, Event, EventKind, JobId, Nanos, ProcessId, RequestId, StepId, TaskId, TextId,
    ThreadId, Trace, WaitOn, WakeCause,
};

/// What has been introduced so far.
#[derive(Debug, Default)]
pub(super) struct Checker {
    upto: Nanos,
    tasks: Ids,
    jobs: Ids,
    requests: Ids,
    threads: Ids,
    texts: u32,
    functions: u32,
    steps: u32,
    clients: u32,
    processes: Ids,
    variables: u32,
    channels: u32,
    locks: u32,
    pools: u32,
    lost: u32,
}

/// How many things of one sort there are.
#[derive(Clone, Copy, Debug, Default)]
struct Ids(u32);

/// What is wrong, and what to do about it.
pub(super) type Fault = (String, &'static str);

type Checked = Result<(), Fault>;

const INTRODUCE: &str = "introduce it in an earlier line";
const STORY: &str = "add it to the story";
const DENSE: &str = "number things from 0 in the order of their first lines";

impl Checker {
    /// A checker for the events of this trace's story.
    pub(super) fn new(trace: &Trace) -> Self {
        let rows = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        Self {
            functions: rows(trace.story.functions.len()),
            steps: rows(trace.story.steps.len()),
            clients: rows(trace.story.clients.len()),
            variables: rows(trace.story.variables.len()),
            channels: rows(trace.story.channels.len()),
            locks: rows(trace.story.locks.len()),
            pools: rows(trace.story.pools.len()),
            ..Self::default()
        }
    }

    /// One more text.
    pub(super) fn text(&mut self) {
        self.texts = self.texts.saturating_add(1);
    }

    /// Time has come this far.
    pub(super) fn upto(&mut self, at: Nanos) -> Checked {
        if at < self.upto {
            return Err((
                format!("time goes back from {} to {} ns", self.upto.0, at.0),
                "write lines in the order of their times",
            ));
        }
        if at.0 > limits::LATEST {
            return Err((
                format!("{} ns is later than the limit of {}", at.0, limits::LATEST),
                "count from the start of the run",
            ));
        }
        self.upto = at;
        Ok(())
    }

    /// How far the trace is complete.
    pub(super) const fn end(&self) -> Nanos {
        self.upto
    }

    /// Holds an event against all before it.
    pub(super) fn event(&mut self, event: &Event) -> Checked {
        self.upto(event.at)?;
        self.kind(&event.kind)
    }

    // table
    #[expect(clippy::too_many_lines, reason = "an exhaustive match of the events")]
    fn kind(&mut self, kind: &EventKind) -> Checked {
        use EventKind as E;
        match *kind {
            E::ThreadStarted { thread, name, .. } => self
                .threads
                .introduce("thread", thread.0, self.lost)
                .and(self.name(name)),
            E::ThreadEnded { thread }
            | E::RoleChanged { thread, .. }
            | E::Parked { thread }
            | E::Unparked { thread } => self.thread(thread),
            E::TaskSpawned {
                task, parent, name, ..
            } => {
                self.function(kind)?;
                self.maybe_task(parent)?;
                self.name(name)?;
                self.tasks.introduce("task", task.0, self.lost)
            }
            E::PollStarted { task, thread } | E::PollEnded { task, thread } => {
                self.task(task).and(self.thread(thread))
            }
            E::Woken { task, by } => self.task(task).and_then(|()| self.cause(by)),
            E::TaskEnded { task, .. }
            | E::WaitingTimer { task, .. }
            | E::Beat { task }
            | E::TaskAlias { task, .. } => self.task(task),
            E::Metric { metric, of, .. } if metric.is_function() => self.function_row(of),
            E::Metric { .. } => Ok(()),
            E::StepEntered { actor, step } => self.actor(actor).and(self.step(step)),
            E::Waiting { task, on } => self.task(task).and_then(|()| self.wait(on)),
            E::BlockStarted { actor, thread, .. } | E::BlockEnded { actor, thread } => {
                self.actor(actor).and(self.thread(thread))
            }
            E::JobQueued {
                job,
                parent,
                name,
                pool,
            } => {
                self.maybe_task(parent)?;
                self.name(name)?;
                self.pool(pool)?;
                self.jobs.introduce("job", job.0, self.lost)
            }
            E::JobStarted { job, thread } => self.job(job).and(self.thread(thread)),
            E::JobEnded { job, .. } => self.job(job),
            E::Output { actor, text } => self.actor(actor).and(self.name(text)),
            E::RequestSent {
                request,
                client,
                route,
                ..
            } => {
                self.client(client)?;
                self.name(route)?;
                self.requests.introduce("request", request.0, self.lost)
            }
            E::RequestAccepted { request, task } => self.request(request).and(self.task(task)),
            E::RequestAnswered { request, text } => self.request(request).and(self.name(text)),
            E::RequestGivenUp { request } => self.request(request),
            E::Dropped { thread, count, .. } => self.dropped(thread, count),
            E::VariableRead {
                actor,
                variable,
                value,
            }
            | E::VariableWritten {
                actor,
                variable,
                value,
            } => {
                row("variable", variable.into(), self.variables, STORY)?;
                self.actor(actor).and(self.name(value))
            }
            E::LockWanted { actor, lock }
            | E::LockTaken { actor, lock }
            | E::LockReleased { actor, lock } => {
                row("lock", lock.into(), self.locks, STORY)?;
                self.actor(actor)
            }
            E::ChannelSent {
                actor,
                channel,
                value,
            }
            | E::ChannelReceived {
                actor,
                channel,
                value,
            } => {
                row("channel", channel.into(), self.channels, STORY)?;
                self.actor(actor).and(self.name(value))
            }
            E::TaskOnLoop { task, thread } => self.task(task).and(self.thread(thread)),
            E::BlockedOn { actor, task } => self.actor(actor).and(self.task(task)),
            E::TimedOut { actor, step } => self.actor(actor).and(self.step(step)),
            E::ClientPrinted { request, text } | E::ResponseChunk { request, text } => {
                self.request(request).and(self.name(text))
            }
            E::ProcessStarted { process, name, .. } => {
                self.name(name)?;
                self.processes.introduce("process", process.0, self.lost)
            }
            E::ThreadOfProcess { thread, process } => {
                self.thread(thread).and(self.process(process))
            }
            E::ProcessEnded { process, .. } => self.process(process),
            E::GilWanted { thread }
            | E::GilTaken { thread }
            | E::GilReleased { thread }
            | E::Late { thread, .. } => self.thread(thread),
            E::ServerStopping { .. } | E::RunEnded { .. } => Ok(()),
        }
    }

    /// Lost events may have introduced things, so that from now on ids may be missing.
    fn dropped(&mut self, thread: ThreadId, count: u16) -> Checked {
        self.lost = self
            .lost
            .saturating_add(u32::from(count))
            .min(limits::LOST_IDS);
        self.thread(thread)
    }

    fn task(&self, id: TaskId) -> Checked {
        self.tasks.known("task", id.0, self.lost)
    }

    fn maybe_task(&self, id: TaskId) -> Checked {
        id.get().map_or(Ok(()), |id| self.task(id))
    }

    fn job(&self, id: JobId) -> Checked {
        self.jobs.known("job", id.0, self.lost)
    }

    fn request(&self, id: RequestId) -> Checked {
        self.requests.known("request", id.0, self.lost)
    }

    fn thread(&self, id: ThreadId) -> Checked {
        self.threads.known("thread", id.0, self.lost)
    }

    fn process(&self, id: ProcessId) -> Checked {
        self.processes.known("process", id.0, self.lost)
    }

    fn actor(&self, actor: Actor) -> Checked {
        match actor {
            Actor::Task(id) => self.task(id),
            Actor::Job(id) => self.job(id),
        }
    }

    fn cause(&self, cause: WakeCause) -> Checked {
        match cause {
            WakeCause::Task(id) => self.task(id),
            WakeCause::Job(id) => self.job(id),
            WakeCause::Process(id) => self.process(id),
            WakeCause::Lock(id) => row("lock", id.0, self.locks, STORY),
            WakeCause::Channel(id) => row("channel", id.0, self.channels, STORY),
            _ => Ok(()),
        }
    }

    fn wait(&self, on: WaitOn) -> Checked {
        match on {
            WaitOn::Task(id) => self.task(id),
            WaitOn::Job(id) => self.job(id),
            WaitOn::Lock(id) => row("lock", id.0, self.locks, STORY),
            WaitOn::Channel(id) => row("channel", id.0, self.channels, STORY),
            _ => Ok(()),
        }
    }

    fn name(&self, id: TextId) -> Checked {
        row("text", id.0, self.texts, INTRODUCE)
    }

    fn step(&self, id: StepId) -> Checked {
        row("step", id.0, self.steps, "add it to the story's steps")
    }

    fn client(&self, id: ClientId) -> Checked {
        // A request that a person sends belongs to no client of the story.
        id.get().map_or(Ok(()), |id| {
            row(
                "client",
                id.0,
                self.clients,
                "add it to the story's clients",
            )
        })
    }

    /// 0 is the default pool, the others are the story's own, or that of child processes.
    fn pool(&self, id: u16) -> Checked {
        match id.checked_sub(1) {
            Some(place) if id != EventKind::PROCESS_POOL => {
                row("pool", place.into(), self.pools, STORY)
            }
            _ => Ok(()),
        }
    }

    fn function(&self, kind: &EventKind) -> Checked {
        let function = kind.function().and_then(|id| u16::try_from(id.0).ok());
        function.map_or(Ok(()), |id| self.function_row(id))
    }

    fn function_row(&self, id: u16) -> Checked {
        row(
            "function",
            id.into(),
            self.functions,
            "add it to the story's functions, or leave it out",
        )
    }
}

impl Ids {
    /// The next thing of its sort.
    fn introduce(&mut self, sort: &str, id: u32, lost: u32) -> Checked {
        if id < self.0 {
            return Err((format!("{sort} {id} is introduced twice"), DENSE));
        }
        if id - self.0 > lost {
            return Err((
                format!("{sort} {id} is introduced before {sort} {}", self.0),
                DENSE,
            ));
        }
        if id >= limits::THINGS {
            return Err((
                format!("{sort} {id} is beyond the limit of {}", limits::THINGS),
                "record a shorter run",
            ));
        }
        self.0 = id.saturating_add(1);
        Ok(())
    }

    fn known(self, sort: &str, id: u32, lost: u32) -> Checked {
        row(sort, id, self.0.saturating_add(lost), INTRODUCE)
    }
}

fn row(sort: &str, id: u32, rows: u32, cure: &'static str) -> Checked {
    if id < rows {
        Ok(())
    } else {
        Err((format!("{sort} {id} is not known"), cure))
    }
}
