//! Which ids an event carries: the one list of them, for all who check or renumber ids.
// table

use crate::event::actor::{Actor, WaitOn, WakeCause};
use crate::event::kind::EventKind;
use crate::ids::{
    ChannelId, ClientId, FunctionId, JobId, LocalId, LockId, NamedEventId, PoolId, ProcessId,
    RequestId, StackId, StepId, TaskId, TextId, ThreadId, VariableId,
};

/// What an event does with an id that it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is the first event of this id.
    Introduces,
    /// It names what an earlier event has introduced.
    Names,
    /// It ends what the id stands for; a task's last turn is still to end.
    Ends,
}

/// A row of the story that an event points at. Such ids are the same in every process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the id of a row")]
pub enum StoryRow {
    Step(StepId),
    Function(FunctionId),
    Client(ClientId),
    Variable(VariableId),
    Channel(ChannelId),
    Lock(LockId),
    /// An event of the story.
    NamedEvent(NamedEventId),
    Pool(PoolId),
    Local(LocalId),
    Stack(StackId),
}

/// Sees, and may replace, every id of an event. What it does not ask for stays as it is.
pub trait Visitor {
    /// A task.
    fn task(&mut self, _id: &mut TaskId, _use: Use) {}
    /// A job of a pool.
    fn job(&mut self, _id: &mut JobId, _use: Use) {}
    /// A request.
    fn request(&mut self, _id: &mut RequestId, _use: Use) {}
    /// A thread.
    fn thread(&mut self, _id: &mut ThreadId, _use: Use) {}
    /// A child process.
    fn process(&mut self, _id: &mut ProcessId, _use: Use) {}
    /// A string of the side table.
    fn text(&mut self, _id: &mut TextId) {}
    /// A row of the story.
    fn row(&mut self, _row: StoryRow) {}
}

impl EventKind {
    /// Shows every id of the event to `to`, a task's or job's parent before itself. Ids that may be
    /// left out are shown only where they are there.
    // table
    #[expect(clippy::too_many_lines, reason = "one arm for events of the same ids")]
    pub fn visit(&mut self, to: &mut impl Visitor) {
        use Use::{Ends, Introduces, Names};
        match self {
            Self::ThreadStarted { thread, name, .. } => {
                to.thread(thread, Introduces);
                to.text(name);
            }
            Self::ThreadEnded { thread } => to.thread(thread, Ends),
            Self::RoleChanged { thread, .. }
            | Self::Parked { thread }
            | Self::Unparked { thread }
            | Self::Dropped { thread, .. }
            | Self::Late { thread, .. }
            | Self::GilWanted { thread }
            | Self::GilTaken { thread }
            | Self::GilReleased { thread } => to.thread(thread, Names),
            Self::TaskSpawned {
                task,
                function,
                parent,
                name,
                ..
            } => {
                if *function != Self::NO_FUNCTION {
                    to.row(StoryRow::Function(FunctionId((*function).into())));
                }
                parent_of(parent, to);
                to.text(name);
                to.task(task, Introduces);
            }
            Self::PollStarted { task, thread }
            | Self::PollEnded { task, thread }
            | Self::TaskOnLoop { task, thread } => {
                to.task(task, Names);
                to.thread(thread, Names);
            }
            Self::Woken { task, by } => {
                to.task(task, Names);
                cause(by, to);
            }
            Self::TaskEnded { task, .. } => to.task(task, Ends),
            Self::WaitingTimer { task, .. }
            | Self::Ticked { task, .. }
            | Self::Beat { task }
            | Self::TaskAlias { task, .. } => {
                to.task(task, Names);
            }
            Self::Waiting { task, on } => {
                to.task(task, Names);
                awaited(on, to);
            }
            Self::StepEntered { actor: by, step } | Self::TimedOut { actor: by, step } => {
                actor(by, to);
                to.row(StoryRow::Step(*step));
            }
            Self::BlockStarted {
                actor: by, thread, ..
            }
            | Self::BlockEnded { actor: by, thread } => {
                actor(by, to);
                to.thread(thread, Names);
            }
            Self::BlockedOn { actor: by, task }
            | Self::FutureLeft {
                actor: by,
                future: task,
            }
            | Self::FuturePolled {
                actor: by,
                future: task,
            } => {
                actor(by, to);
                to.task(task, Names);
            }
            Self::JobQueued {
                job,
                parent,
                name,
                pool,
            } => {
                parent_of(parent, to);
                to.text(name);
                if *pool != 0 && *pool != Self::PROCESS_POOL {
                    to.row(StoryRow::Pool(PoolId(u32::from(*pool) - 1)));
                }
                to.job(job, Introduces);
            }
            Self::JobStarted { job, thread } => {
                to.job(job, Names);
                to.thread(thread, Names);
            }
            Self::JobEnded { job, .. } => to.job(job, Ends),
            Self::Output { actor: by, text } | Self::Raised { actor: by, text } => {
                actor(by, to);
                to.text(text);
            }
            Self::RequestSent {
                request,
                client,
                route,
                ..
            } => {
                if !client.is_none() {
                    to.row(StoryRow::Client(*client));
                }
                to.text(route);
                to.request(request, Introduces);
            }
            Self::RequestAccepted { request, task } => {
                to.request(request, Names);
                to.task(task, Names);
            }
            Self::RequestAnswered { request, text, .. }
            | Self::RequestRefused { request, text }
            | Self::ClientPrinted { request, text }
            | Self::ResponseChunk { request, text } => {
                to.request(request, Names);
                to.text(text);
            }
            Self::RequestNamed { request, route } => {
                to.request(request, Names);
                to.text(route);
            }
            Self::RequestGivenUp { request } => to.request(request, Names),
            Self::VariableRead {
                actor: by,
                variable,
                value,
            }
            | Self::VariableWritten {
                actor: by,
                variable,
                value,
            } => {
                to.row(StoryRow::Variable(VariableId((*variable).into())));
                actor(by, to);
                to.text(value);
            }
            Self::LocalSet {
                actor: by,
                local,
                value,
                ..
            } => {
                to.row(StoryRow::Local(LocalId((*local).into())));
                actor(by, to);
                if !value.is_none() {
                    to.text(value);
                }
            }
            Self::LockWanted {
                actor: by, lock, ..
            }
            | Self::LockTaken {
                actor: by, lock, ..
            }
            | Self::LockReleased {
                actor: by, lock, ..
            } => {
                to.row(StoryRow::Lock(LockId((*lock).into())));
                actor(by, to);
            }
            Self::ChannelSent {
                actor: by,
                channel,
                value,
            }
            | Self::ChannelReceived {
                actor: by,
                channel,
                value,
            } => {
                to.row(StoryRow::Channel(ChannelId((*channel).into())));
                actor(by, to);
                to.text(value);
            }
            Self::Lagged {
                actor: by, channel, ..
            } => {
                to.row(StoryRow::Channel(ChannelId((*channel).into())));
                actor(by, to);
            }
            Self::Notified {
                actor: by, event, ..
            }
            | Self::EventPassed { actor: by, event } => {
                to.row(StoryRow::NamedEvent(NamedEventId((*event).into())));
                actor(by, to);
            }
            Self::ProcessStarted { process, name, .. } => {
                to.text(name);
                to.process(process, Introduces);
            }
            Self::ThreadOfProcess { thread, process } => {
                to.thread(thread, Names);
                to.process(process, Names);
            }
            Self::ProcessEnded { process, .. } => to.process(process, Ends),
            Self::Metric { metric, of, .. } => {
                if metric.is_function() {
                    to.row(StoryRow::Function(FunctionId((*of).into())));
                }
            }
            Self::TaskNamed {
                task,
                function,
                name,
                ..
            } => {
                if *function != Self::NO_FUNCTION {
                    to.row(StoryRow::Function(FunctionId((*function).into())));
                }
                to.task(task, Names);
                to.text(name);
            }
            Self::Stack { actor: by, stack } => {
                to.row(StoryRow::Stack(*stack));
                actor(by, to);
            }
            Self::PoolResized { pool, .. } => {
                if *pool != 0 {
                    to.row(StoryRow::Pool(PoolId(u32::from(*pool) - 1)));
                }
            }
            Self::ProcessPrinted { process, text } => {
                to.process(process, Names);
                to.text(text);
            }
            Self::Lapsed { task, text, .. } => {
                parent_of(task, to);
                to.text(text);
            }
            Self::ServerStopping { .. } | Self::RunEnded { .. } => {}
        }
    }
}

fn actor(actor: &mut Actor, to: &mut impl Visitor) {
    match actor {
        Actor::Task(task) => to.task(task, Use::Names),
        Actor::Job(job) => to.job(job, Use::Names),
    }
}

fn parent_of(parent: &mut TaskId, to: &mut impl Visitor) {
    if !parent.is_none() {
        to.task(parent, Use::Names);
    }
}

fn cause(cause: &mut WakeCause, to: &mut impl Visitor) {
    match cause {
        WakeCause::Task(task) => to.task(task, Use::Names),
        WakeCause::Job(job) => to.job(job, Use::Names),
        WakeCause::Process(process) => to.process(process, Use::Names),
        WakeCause::Lock(lock) => to.row(StoryRow::Lock(*lock)),
        WakeCause::Channel(channel) | WakeCause::Room(channel) => {
            to.row(StoryRow::Channel(*channel))
        }
        WakeCause::NamedEvent(event) => to.row(StoryRow::NamedEvent(*event)),
        WakeCause::Timer | WakeCause::Client | WakeCause::Itself | WakeCause::Unknown => {}
    }
}

fn awaited(on: &mut WaitOn, to: &mut impl Visitor) {
    match on {
        WaitOn::Task(task) => to.task(task, Use::Names),
        WaitOn::Job(job) => to.job(job, Use::Names),
        WaitOn::Lock(lock) => to.row(StoryRow::Lock(*lock)),
        WaitOn::Channel(channel) | WaitOn::Room(channel) => to.row(StoryRow::Channel(*channel)),
        WaitOn::NamedEvent(event) => to.row(StoryRow::NamedEvent(*event)),
        WaitOn::Named { name, .. } => to.text(name),
        WaitOn::Backlog
        | WaitOn::Tasks(_)
        | WaitOn::Futures(_)
        | WaitOn::Turn
        | WaitOn::Forever => {}
    }
}
