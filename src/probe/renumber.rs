//! Dense ids for provisional ones, in the order of the trace.

use super::Recorder;
use crate::trace::{
    Actor, EventKind, JobId, ProcessId, RequestId, TaskId, TextId, ThreadId, WaitOn, WakeCause,
};

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

/// Threads give provisional ids as they come; the trace has them in order of first appearance.
#[derive(Debug, Default)]
pub(super) struct Renumber {
    tasks: Dense,
    jobs: Dense,
    requests: Dense,
    threads: Dense,
    processes: Dense,
    texts: Dense,
}

impl Renumber {
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

    fn process(&mut self, id: ProcessId) -> ProcessId {
        ProcessId(self.processes.get(id.0).0)
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

    /// Renumbers all ids of an event, and adds texts that are new to `texts`.
    // table
    #[expect(clippy::too_many_lines, reason = "one arm a kind of event")]
    pub(super) fn renumber(
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
                    WakeCause::Process(process) => *process = self.process(*process),
                    _ => {}
                }
            }
            EventKind::TaskEnded { task, .. }
            | EventKind::WaitingTimer { task, .. }
            | EventKind::Beat { task }
            | EventKind::TaskAlias { task, .. } => *task = self.task(*task),
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
            EventKind::JobQueued {
                job, parent, name, ..
            } => {
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
            EventKind::VariableRead { actor, value, .. }
            | EventKind::VariableWritten { actor, value, .. }
            | EventKind::ChannelSent { actor, value, .. }
            | EventKind::ChannelReceived { actor, value, .. } => {
                *actor = self.actor(*actor);
                *value = self.text(*value, recorder, texts);
            }
            EventKind::LockWanted { actor, .. }
            | EventKind::LockTaken { actor, .. }
            | EventKind::LockReleased { actor, .. }
            | EventKind::TimedOut { actor, .. } => *actor = self.actor(*actor),
            EventKind::TaskOnLoop { task, thread } => {
                *task = self.task(*task);
                *thread = self.thread(*thread);
            }
            EventKind::BlockedOn { actor, task } => {
                *actor = self.actor(*actor);
                *task = self.task(*task);
            }
            EventKind::ClientPrinted { request, text }
            | EventKind::ResponseChunk { request, text } => {
                *request = self.request(*request);
                *text = self.text(*text, recorder, texts);
            }
            EventKind::ProcessStarted { process, name, .. } => {
                *process = self.process(*process);
                *name = self.text(*name, recorder, texts);
            }
            EventKind::ThreadOfProcess { thread, process } => {
                *thread = self.thread(*thread);
                *process = self.process(*process);
            }
            EventKind::ProcessEnded { process, .. } => *process = self.process(*process),
            EventKind::GilWanted { thread }
            | EventKind::GilTaken { thread }
            | EventKind::GilReleased { thread }
            | EventKind::Late { thread, .. } => *thread = self.thread(*thread),
            EventKind::Metric { .. }
            | EventKind::ServerStopping { .. }
            | EventKind::RunEnded { .. } => {}
        }
        kind
    }
}
