//! Where an event carries ids: one table for all who give them other numbers.

use loopscope_trace::{
    Actor, EventKind, JobId, ProcessId, RequestId, TaskId, TextId, ThreadId, WaitOn, WakeCause,
};

/// Gives new numbers for old ones.
pub(crate) trait Ids {
    fn task(&mut self, id: TaskId) -> TaskId;
    fn job(&mut self, id: JobId) -> JobId;
    fn request(&mut self, id: RequestId) -> RequestId;
    fn thread(&mut self, id: ThreadId) -> ThreadId;
    fn process(&mut self, id: ProcessId) -> ProcessId;
    fn text(&mut self, id: TextId) -> TextId;
}

fn actor_of(ids: &mut impl Ids, actor: Actor) -> Actor {
    match actor {
        Actor::Task(task) => Actor::Task(ids.task(task)),
        Actor::Job(job) => Actor::Job(ids.job(job)),
    }
}

/// The event with each of its ids given by `ids`.
// table
#[expect(clippy::too_many_lines, reason = "one arm a kind of event")]
pub(crate) fn map(mut kind: EventKind, ids: &mut impl Ids) -> EventKind {
    match &mut kind {
        EventKind::ThreadStarted { thread, name, .. } => {
            *thread = ids.thread(*thread);
            *name = ids.text(*name);
        }
        EventKind::ThreadEnded { thread }
        | EventKind::RoleChanged { thread, .. }
        | EventKind::Parked { thread }
        | EventKind::Unparked { thread }
        | EventKind::Dropped { thread, .. } => *thread = ids.thread(*thread),
        EventKind::TaskSpawned {
            task, parent, name, ..
        } => {
            *parent = ids.task(*parent);
            *task = ids.task(*task);
            *name = ids.text(*name);
        }
        EventKind::PollStarted { task, thread } | EventKind::PollEnded { task, thread } => {
            *task = ids.task(*task);
            *thread = ids.thread(*thread);
        }
        EventKind::Woken { task, by } => {
            *task = ids.task(*task);
            match by {
                WakeCause::Task(task) => *task = ids.task(*task),
                WakeCause::Job(job) => *job = ids.job(*job),
                WakeCause::Process(process) => *process = ids.process(*process),
                _ => {}
            }
        }
        EventKind::TaskEnded { task, .. }
        | EventKind::WaitingTimer { task, .. }
        | EventKind::Beat { task }
        | EventKind::TaskAlias { task, .. } => *task = ids.task(*task),
        EventKind::Waiting { task, on } => {
            *task = ids.task(*task);
            match on {
                WaitOn::Task(task) => *task = ids.task(*task),
                WaitOn::Job(job) => *job = ids.job(*job),
                _ => {}
            }
        }
        EventKind::StepEntered { actor, .. } => *actor = actor_of(ids, *actor),
        EventKind::BlockStarted { actor, thread, .. } | EventKind::BlockEnded { actor, thread } => {
            *actor = actor_of(ids, *actor);
            *thread = ids.thread(*thread);
        }
        EventKind::JobQueued {
            job, parent, name, ..
        } => {
            *parent = ids.task(*parent);
            *job = ids.job(*job);
            *name = ids.text(*name);
        }
        EventKind::JobStarted { job, thread } => {
            *job = ids.job(*job);
            *thread = ids.thread(*thread);
        }
        EventKind::JobEnded { job, .. } => *job = ids.job(*job),
        EventKind::Output { actor, text } => {
            *actor = actor_of(ids, *actor);
            *text = ids.text(*text);
        }
        EventKind::RequestSent { request, route, .. } => {
            *request = ids.request(*request);
            *route = ids.text(*route);
        }
        EventKind::RequestAccepted { request, task } => {
            *request = ids.request(*request);
            *task = ids.task(*task);
        }
        EventKind::RequestAnswered { request, text } => {
            *request = ids.request(*request);
            *text = ids.text(*text);
        }
        EventKind::RequestGivenUp { request } => *request = ids.request(*request),
        EventKind::VariableRead { actor, value, .. }
        | EventKind::VariableWritten { actor, value, .. }
        | EventKind::ChannelSent { actor, value, .. }
        | EventKind::ChannelReceived { actor, value, .. } => {
            *actor = actor_of(ids, *actor);
            *value = ids.text(*value);
        }
        EventKind::LockWanted { actor, .. }
        | EventKind::LockTaken { actor, .. }
        | EventKind::LockReleased { actor, .. }
        | EventKind::TimedOut { actor, .. } => *actor = actor_of(ids, *actor),
        EventKind::TaskOnLoop { task, thread } => {
            *task = ids.task(*task);
            *thread = ids.thread(*thread);
        }
        EventKind::BlockedOn { actor, task } => {
            *actor = actor_of(ids, *actor);
            *task = ids.task(*task);
        }
        EventKind::ClientPrinted { request, text } | EventKind::ResponseChunk { request, text } => {
            *request = ids.request(*request);
            *text = ids.text(*text);
        }
        EventKind::ProcessStarted { process, name, .. } => {
            *process = ids.process(*process);
            *name = ids.text(*name);
        }
        EventKind::ThreadOfProcess { thread, process } => {
            *thread = ids.thread(*thread);
            *process = ids.process(*process);
        }
        EventKind::ProcessEnded { process, .. } => *process = ids.process(*process),
        EventKind::GilWanted { thread }
        | EventKind::GilTaken { thread }
        | EventKind::GilReleased { thread }
        | EventKind::Late { thread, .. } => *thread = ids.thread(*thread),
        EventKind::Metric { .. }
        | EventKind::ServerStopping { .. }
        | EventKind::RunEnded { .. } => {}
    }
    kind
}
