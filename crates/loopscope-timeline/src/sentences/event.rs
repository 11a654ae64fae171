//! One event as one line.
// table

use crate::counts::{number_of, seconds};
use crate::moments::timeline::Timeline;
use crate::sentences::shared;
use crate::tracks::metrics;
use crate::tracks::track::{LaneId, LaneKind};
use crate::words::{channel, label, lock, place, pool_name, process_name, thread_name, who};
use loopscope_trace::{
    Actor, BlockKind, EndReason, EventKind, JobId, Language, Outcome, RequestId, TaskId, TaskRole,
    TextId, ThreadId, ThreadRole, Use, Visitor, WaitOn, WakeCause,
};

/// One event as one line: `A prints bye`.
pub fn event(timeline: &Timeline, index: usize, language: Language) -> String {
    let Some(event) = timeline.trace().events.get(index) else {
        return String::new();
    };
    let (who, what) = sentence(timeline, event.kind, language);
    format!("{who} {what}")
}

/// What has just happened, for who steps from event to event: `woken: the heartbeat, by its timer`.
pub(crate) fn happened(timeline: &Timeline, index: usize, language: Language) -> String {
    let kind = timeline.trace().events.get(index).map(|event| event.kind);
    let Some(EventKind::Woken { task, by }) = kind else {
        return event(timeline, index, language);
    };
    let of = timeline.live().task(task).map(|task| task.role);
    let the = match of {
        Some(TaskRole::Heartbeat) => "the ",
        _ => "",
    };
    let by = match by {
        WakeCause::Timer => ", by its timer".to_owned(),
        WakeCause::Task(other) => format!(", by {}", who(timeline, Actor::Task(other))),
        WakeCause::Job(_) => ", by its job, which is done".to_owned(),
        WakeCause::Client => ", by a client".to_owned(),
        WakeCause::Itself => ", by itself: it gave way".to_owned(),
        WakeCause::Lock(id) => format!(", by {}, which was let go", lock(timeline, id.0)),
        WakeCause::Channel(id) => format!(", by a value in {}", channel(timeline, id.0)),
        WakeCause::NamedEvent(id) => format!(", by {}", crate::words::event(timeline, id.0)),
        WakeCause::Room(id) => format!(", by room in {}", channel(timeline, id.0)),
        WakeCause::Process(id) => format!(", by {}", process_name(timeline, id)),
        WakeCause::Unknown => String::new(),
    };
    format!("woken: {the}{}{by}", who(timeline, Actor::Task(task)))
}

/// Whose line of the printed story an event is (letter and name), and what it says.
pub fn event_parts(timeline: &Timeline, index: usize, language: Language) -> (String, String) {
    let Some(event) = timeline.trace().events.get(index) else {
        return (String::new(), String::new());
    };
    let (who, what) = sentence(timeline, event.kind, language);
    let lane = lane_of(timeline, event.kind).and_then(|lane| timeline.lane(lane));
    match lane {
        Some(lane) if !lane.letter.is_empty() => (format!("{} {}", lane.letter, lane.name), what),
        _ => (who, what),
    }
}

/// Who an event is about, as a sentence names them: `A`.
pub fn event_name(timeline: &Timeline, index: usize, language: Language) -> String {
    let event = timeline.trace().events.get(index);
    event.map_or_else(String::new, |event| {
        sentence(timeline, event.kind, language).0
    })
}

/// The lane that an event is about.
pub fn event_lane(timeline: &Timeline, index: usize) -> Option<LaneId> {
    lane_of(timeline, timeline.trace().events.get(index)?.kind)
}

fn lane_of(timeline: &Timeline, mut kind: EventKind) -> Option<LaneId> {
    let mut about = About(None);
    kind.visit(&mut about);
    match about.0? {
        LaneKind::Task(task) => timeline.lane_of(Actor::Task(task)),
        LaneKind::Job(job) => timeline.lane_of(Actor::Job(job)),
        LaneKind::Request(request) => timeline.lane_of_request(request),
    }
}

/// What an event is about: what it introduces, else the first task, job or request that it names.
struct About(Option<LaneKind>);

impl About {
    fn see(&mut self, of: LaneKind, how: Use) {
        if self.0.is_none() || how == Use::Introduces {
            self.0 = Some(of);
        }
    }
}

impl Visitor for About {
    fn task(&mut self, id: &mut TaskId, how: Use) {
        self.see(LaneKind::Task(*id), how);
    }

    fn job(&mut self, id: &mut JobId, how: Use) {
        self.see(LaneKind::Job(*id), how);
    }

    fn request(&mut self, id: &mut RequestId, how: Use) {
        self.see(LaneKind::Request(*id), how);
    }
}

/// Who, and what became of them.
// table
#[expect(clippy::too_many_lines, reason = "an exhaustive match of the events")]
fn sentence(timeline: &Timeline, kind: EventKind, language: Language) -> (String, String) {
    let text = |id: TextId| timeline.trace().text(id);
    let thread = |id: ThreadId| thread_name(timeline, id);
    let subject = lane_of(timeline, kind).map(|lane| label(timeline, lane).to_owned());
    let task = |id| {
        subject
            .clone()
            .unwrap_or_else(|| who(timeline, Actor::Task(id)))
    };
    let actor_name = |actor| subject.clone().unwrap_or_else(|| who(timeline, actor));
    let request = || subject.clone().unwrap_or_else(|| "a request".to_owned());
    match kind {
        EventKind::ThreadStarted { role, name, .. } => {
            let role = match role {
                ThreadRole::Loop => "a loop's thread",
                ThreadRole::Pool => "a thread of the pool",
                ThreadRole::Client => "the thread of the clients",
                ThreadRole::Process => "a child process that works off jobs",
            };
            (text(name).to_owned(), format!("begins: {role}"))
        }
        EventKind::ThreadEnded { thread: id } => (thread(id), "ends".to_owned()),
        EventKind::RoleChanged { thread: id, role } => {
            let role = match role {
                ThreadRole::Loop => "polls tasks",
                ThreadRole::Pool => "works for the pool",
                ThreadRole::Client => "plays the clients",
                ThreadRole::Process => "works off jobs",
            };
            (thread(id), format!("now {role}"))
        }
        EventKind::Parked { thread: id } => (thread(id), "has nothing to do".to_owned()),
        EventKind::Unparked { thread: id } => (thread(id), "looks around".to_owned()),
        EventKind::TaskSpawned {
            task: id,
            role: TaskRole::Coroutine,
            ..
        } => (task(id), "is created, and not started".to_owned()),
        EventKind::TaskSpawned { task: id, name, .. } => {
            (task(id), format!("is spawned as task {}", text(name)))
        }
        EventKind::PollStarted {
            task: id,
            thread: on,
        } => (task(id), format!("gets its turn on {}", thread(on))),
        EventKind::PollEnded {
            task: id,
            thread: on,
        } => (task(id), format!("gives {} back", thread(on))),
        EventKind::Woken { task: id, by } => {
            let by = match by {
                WakeCause::Timer => "its timer has run out".to_owned(),
                WakeCause::Task(other) => format!("{} woke it", who(timeline, Actor::Task(other))),
                WakeCause::Job(_) => "its job is done".to_owned(),
                WakeCause::Client => "a client knocked".to_owned(),
                WakeCause::Itself => "it gave way and goes on".to_owned(),
                WakeCause::Lock(id) => format!("{} was let go", lock(timeline, id.0)),
                WakeCause::Channel(id) => format!("{} got a value", channel(timeline, id.0)),
                WakeCause::NamedEvent(id) => {
                    format!("{} woke it", crate::words::event(timeline, id.0))
                }
                WakeCause::Room(id) => format!("{} has room", channel(timeline, id.0)),
                WakeCause::Process(id) => format!("{} answered", process_name(timeline, id)),
                WakeCause::Unknown => "it was woken".to_owned(),
            };
            (task(id), format!("is ready: {by}"))
        }
        EventKind::TaskEnded { task: id, outcome } => (task(id), ended(outcome).to_owned()),
        EventKind::StepEntered { actor, step } => {
            let place = place(timeline, Some(step), language);
            let place = place.unwrap_or_else(|| "a step".to_owned());
            (actor_name(actor), format!("comes to {place}"))
        }
        EventKind::WaitingTimer { task: id, deadline } => {
            let until = seconds(deadline);
            (task(id), format!("waits for a timer, until {until}"))
        }
        EventKind::Waiting { task: id, on } => (task(id), waits(timeline, on)),
        EventKind::BlockStarted {
            actor,
            thread: on,
            kind,
        } => {
            let does = match kind {
                BlockKind::Sleep => "sleeps on",
                BlockKind::Cpu => "computes on",
                BlockKind::Native => "computes in C, and keeps the GIL, on",
                BlockKind::Lock => "waits for a lock on",
                BlockKind::Task => "waits for a task's end on",
                BlockKind::File => "reads a file on",
                BlockKind::Socket => "waits for a socket on",
                BlockKind::Process => "waits for a child process on",
                BlockKind::Unknown => "is busy on",
            };
            // On a thread of the pool that is what the thread is for.
            let held = match actor {
                Actor::Task(_) => " and does not give it back",
                Actor::Job(_) => "",
            };
            (actor_name(actor), format!("{does} {}{held}", thread(on)))
        }
        EventKind::BlockEnded { actor, .. } => (actor_name(actor), "goes on".to_owned()),
        EventKind::JobQueued { job, pool, .. } => (
            actor_name(Actor::Job(job)),
            format!("is handed to {}", pool_name(timeline, pool)),
        ),
        EventKind::JobStarted { job, thread: on } => {
            (actor_name(Actor::Job(job)), format!("gets {}", thread(on)))
        }
        EventKind::JobEnded { job, outcome } => {
            let ended = match outcome {
                Outcome::Completed => "is done on the pool",
                other => ended(other),
            };
            (actor_name(Actor::Job(job)), ended.to_owned())
        }
        EventKind::Output { actor, text: id } => {
            (actor_name(actor), format!("prints {}", text(id)))
        }
        EventKind::RequestSent { route, live, .. } => {
            let how = if live { ", by a key" } else { "" };
            (request(), format!("asks for {}{how}", text(route)))
        }
        EventKind::RequestAccepted { .. } => (request(), "is let in".to_owned()),
        EventKind::RequestAnswered {
            text: id, status, ..
        } => {
            let status = match status {
                0 => String::new(),
                status => format!(" {status}"),
            };
            let says = match text(id) {
                "" => String::new(),
                says => format!(": {says}"),
            };
            (request(), format!("is answered{status}{says}"))
        }
        EventKind::ClientPrinted { text: id, .. } => {
            (request(), format!("has its client print {}", text(id)))
        }
        EventKind::ResponseChunk { text: id, .. } => (
            request(),
            format!("gets a piece of its answer: {}", text(id)),
        ),
        EventKind::RequestRefused { text: id, .. } => {
            (request(), format!("is refused: {}", text(id)))
        }
        EventKind::RequestNamed { route, .. } => {
            (request(), format!("turns out to ask for {}", text(route)))
        }
        EventKind::RequestGivenUp { .. } => (request(), "is given up by its client".to_owned()),
        EventKind::Beat { .. } => ("heartbeat".to_owned(), "beats".to_owned()),
        EventKind::Dropped {
            thread: id, count, ..
        } => (
            thread(id),
            format!(
                "lost {}: what that changed is unknown",
                number_of(usize::from(count), "event")
            ),
        ),
        EventKind::TaskAlias { task: id, tokio } => {
            (task(id), format!("is task {tokio} for tokio-console"))
        }
        EventKind::Metric { metric, of, value } => (
            "metrics".to_owned(),
            format!("{} {value}", metrics::name(timeline.story(), metric, of)),
        ),
        EventKind::RunEnded { reason } => {
            let why = match reason {
                EndReason::Finished => crate::sentences::unfinished::finished(timeline),
                EndReason::Limit => crate::sentences::unfinished::limit(timeline),
                EndReason::Stopped => "was stopped".to_owned(),
                EndReason::Steps | EndReason::Memory => {
                    let why = crate::sentences::unfinished::unfinished(timeline);
                    format!("is over: {}", why.unwrap_or_default())
                }
            };
            ("The run".to_owned(), why)
        }
        EventKind::LocalSet { .. }
        | EventKind::VariableRead { .. }
        | EventKind::VariableWritten { .. }
        | EventKind::LockWanted { .. }
        | EventKind::LockTaken { .. }
        | EventKind::LockReleased { .. }
        | EventKind::ChannelSent { .. }
        | EventKind::ChannelReceived { .. }
        | EventKind::TaskOnLoop { .. }
        | EventKind::BlockedOn { .. }
        | EventKind::Lagged { .. }
        | EventKind::Notified { .. }
        | EventKind::EventPassed { .. }
        | EventKind::Ticked { .. }
        | EventKind::FutureLeft { .. }
        | EventKind::FuturePolled { .. }
        | EventKind::TimedOut { .. }
        | EventKind::ProcessStarted { .. }
        | EventKind::ThreadOfProcess { .. }
        | EventKind::ProcessEnded { .. }
        | EventKind::GilWanted { .. }
        | EventKind::GilTaken { .. }
        | EventKind::GilReleased { .. }
        | EventKind::Late { .. }
        | EventKind::ServerStopping { .. }
        | EventKind::TaskNamed { .. }
        | EventKind::Stack { .. }
        | EventKind::PoolResized { .. }
        | EventKind::ProcessPrinted { .. }
        | EventKind::Lapsed { .. }
        | EventKind::Raised { .. } => {
            shared::sentence(timeline, kind, language, &actor_name).unwrap_or_default()
        }
    }
}

fn ended(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "is done",
        Outcome::Cancelled => "is cancelled",
        Outcome::Panicked => "panics",
        Outcome::Failed => "fails",
        Outcome::NeverPolled => "is dropped without a single turn",
    }
}

fn waits(timeline: &Timeline, on: WaitOn) -> String {
    match on {
        WaitOn::Task(id) => format!("waits for {}", who(timeline, Actor::Task(id))),
        WaitOn::Job(_) => "waits for its job".to_owned(),
        WaitOn::Backlog => "waits for a request".to_owned(),
        WaitOn::Tasks(1) => "waits for one task".to_owned(),
        WaitOn::Tasks(count) => format!("waits for {count} tasks"),
        WaitOn::Turn => "gives way once".to_owned(),
        WaitOn::Futures(1) => "polls a future".to_owned(),
        WaitOn::Futures(count) => format!("polls {count} futures side by side"),
        WaitOn::Lock(id) => format!("waits for {}", lock(timeline, id.0)),
        WaitOn::Channel(id) => format!("waits for a value in {}", channel(timeline, id.0)),
        WaitOn::NamedEvent(id) => format!("waits for {}", crate::words::event(timeline, id.0)),
        WaitOn::Room(id) => format!("waits for room in {}", channel(timeline, id.0)),
        WaitOn::Named { what, name } => {
            format!(
                "waits for {}",
                crate::words::awaited(what, timeline.trace().text(name))
            )
        }
        WaitOn::Forever => "waits for something that never comes".to_owned(),
    }
}
