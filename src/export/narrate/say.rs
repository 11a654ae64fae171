//! One event as a person would tell it; most events are none of a listener's business.
// table

use crate::export::text;
use loopscope_timeline::{LaneKind, State, Timeline, World, explain};
use loopscope_trace::{
    Actor, BlockKind, Event, EventKind, Language, Nanos, Outcome, StepId, TaskRole, WaitOn,
};

/// A shorter hold of a thread is over before one has heard that it began.
const BRIEF: Nanos = Nanos::from_millis(100);

/// What is known at the moment of an event.
pub(crate) struct Scene<'a> {
    pub(crate) timeline: &'a Timeline,
    /// The world just after the event.
    pub(crate) world: &'a World,
    pub(crate) language: Language,
    /// How, and for how long, the one that lets a thread go has held it.
    pub(crate) held: Option<(BlockKind, Nanos)>,
}

/// Who did what: two halves, so that many who did the same can be one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// `A`, or `A, from tab 1,` where it is named for the first time.
    pub(crate) who: String,
    /// What many of them are: `requests`.
    pub(crate) kind: &'static str,
    /// `prints Hello`, without figures that differ by who did it.
    pub(crate) what: String,
    /// `, after 5.00s`: said of one, not of many.
    pub(crate) more: String,
}

/// How, and for how long, the one that lets a thread go by this event has held it.
pub(crate) fn held(before: &World, event: Event) -> Option<(BlockKind, Nanos)> {
    let EventKind::BlockEnded { actor, .. } = event.kind else {
        return None;
    };
    let (kind, since) = match actor {
        Actor::Task(id) => before.task(id)?.blocking?,
        Actor::Job(id) => before.job(id)?.blocking?,
    };
    Some((kind, event.at.since(since)))
}

/// What is said of an event, if it is said at all.
pub(crate) fn event(scene: &Scene, index: usize, event: Event) -> Option<Sentence> {
    let asks = matches!(event.kind, EventKind::LockWanted { .. });
    let is_noise = !asks && text::is_noise(scene.timeline, index, event.kind);
    if is_noise || scene.is_idle(event.kind) {
        return None;
    }
    let (_, told) = explain::event_parts(scene.timeline, index, scene.language);
    let name = explain::event_name(scene.timeline, index, scene.language);
    let (what, more) = scene.words(event, told);
    let lane = explain::event_lane(scene.timeline, index);
    let lane = lane.and_then(|lane| scene.timeline.lane(lane));
    let who = match (lane, event.kind) {
        (Some(lane), EventKind::RequestSent { .. }) if !lane.letter.is_empty() => {
            format!("{}, from {},", lane.letter, lane.name)
        }
        _ => name,
    };
    let kind = match lane.map(|lane| lane.kind) {
        Some(LaneKind::Request(_)) => "requests",
        Some(LaneKind::Job(_)) => "jobs",
        _ => "tasks",
    };
    Some(Sentence {
        who,
        kind,
        what,
        more,
    })
}

impl Scene<'_> {
    /// Whether an event that the event lines have says nothing that a listener has not heard.
    fn is_idle(&self, kind: EventKind) -> bool {
        match kind {
            // The letting in says it.
            EventKind::TaskSpawned { role, .. } => {
                matches!(role, TaskRole::Handler | TaskRole::Dispatch)
            }
            // A free lock is had at once.
            EventKind::LockWanted { lock, reads, .. } => {
                let lock = self.world.shared.locks.get(usize::from(lock));
                lock.is_none_or(|lock| !lock.is_full(reads))
            }
            EventKind::Waiting { on, .. } => matches!(on, WaitOn::Backlog | WaitOn::Turn),
            EventKind::BlockEnded { .. } => self.held.is_none_or(|held| held.1 < BRIEF),
            // The answer has said it.
            EventKind::TaskEnded { task, outcome } => {
                outcome == Outcome::Completed
                    && self
                        .world
                        .task(task)
                        .is_some_and(|task| task.request.is_some())
            }
            EventKind::JobEnded { job, outcome } => {
                let lane = self.timeline.lane_of(Actor::Job(job));
                let lane = lane.and_then(|lane| self.timeline.lane(lane));
                outcome == Outcome::Completed
                    && lane.is_some_and(|lane| matches!(lane.kind, LaneKind::Request(_)))
            }
            _ => false,
        }
    }

    /// What is done, and what is added where one has done it; `told` is what the event line says.
    fn words(&self, event: Event, told: String) -> (String, String) {
        let none = String::new();
        match event.kind {
            EventKind::BlockStarted { actor, kind, .. } => (self.holds(actor, kind), none),
            EventKind::BlockEnded { .. } => {
                let Some((kind, held)) = self.held else {
                    return (told, none);
                };
                let what = match kind {
                    BlockKind::Sleep => "has slept and goes on",
                    BlockKind::Cpu | BlockKind::Native => "has computed and goes on",
                    BlockKind::Lock | BlockKind::Task | BlockKind::Socket | BlockKind::Process => {
                        "has waited and goes on"
                    }
                    BlockKind::Unknown => "goes on",
                    BlockKind::File => "has read the file and goes on",
                };
                (what.to_owned(), format!(", after {}s", held.hundredths()))
            }
            EventKind::WaitingTimer { task, deadline } => {
                let step = self.world.task(task).and_then(|task| task.step);
                let place = self.place(step).unwrap_or_else(|| "an await".to_owned());
                let until = deadline.hundredths();
                (format!("waits at {place}"), format!(", until {until}s"))
            }
            EventKind::JobQueued { job, .. } => {
                let state = self.world.job(job).map(|job| job.state);
                match state {
                    Some(State::Queued) => (
                        format!("{told}, and is queued: all its threads are taken"),
                        none,
                    ),
                    _ => (told, none),
                }
            }
            EventKind::JobStarted { thread, .. } => {
                let name = self.world.thread(thread).map(|thread| thread.name);
                let name = name.map_or("one", |name| self.timeline.trace().text(name));
                ("gets a thread".to_owned(), format!(": {name}"))
            }
            EventKind::RequestAnswered { request, .. } => {
                let sent = self.world.request(request).map(|request| request.sent);
                let after = event.at.since(sent.unwrap_or_default()).hundredths();
                (told, format!(", after {after}s"))
            }
            EventKind::Output { text, .. } if self.timeline.trace().text(text).is_empty() => {
                ("prints an empty line".to_owned(), none)
            }
            _ => (told, none),
        }
    }

    /// `sleeps in time.sleep(5), line 5, and keeps the loop's thread`.
    fn holds(&self, actor: Actor, kind: BlockKind) -> String {
        let does = match kind {
            BlockKind::Sleep => "sleeps",
            BlockKind::Cpu => "computes",
            BlockKind::Native => "computes in C, and keeps the GIL",
            BlockKind::Lock => "waits for a lock",
            BlockKind::Task => "waits for a task's end",
            BlockKind::File => "reads a file",
            BlockKind::Socket => "waits for a socket",
            BlockKind::Process => "waits for a child process",
            BlockKind::Unknown => "is busy",
        };
        let place = self.place(self.world.step_of(actor));
        let place = place.map_or(String::new(), |place| format!(" in {place},"));
        let keeps = match actor {
            Actor::Task(_) => "and keeps the loop's thread",
            Actor::Job(_) => "on its own thread",
        };
        format!("{does}{place} {keeps}")
    }

    /// `time.sleep(5), line 5`.
    fn place(&self, step: Option<StepId>) -> Option<String> {
        let text = explain::step_text(self.timeline, step?, self.language)?;
        Some(match explain::line(self.timeline, step?, self.language) {
            None => text.to_owned(),
            Some(line) => format!("{text}, {line}"),
        })
    }
}

/// `3.40s: A prints bye.`
pub(crate) fn line(at: Nanos, sentence: &str) -> String {
    let end = if sentence.ends_with(['.', '!', '?', ':', '…']) {
        ""
    } else {
        "."
    };
    format!("{}s: {sentence}{end}", at.hundredths())
}
