//! A line an event, for people who read and for screen readers.

use std::fmt::Write as _;

use loopscope_timeline::{Timeline, explain};
use loopscope_trace::{Actor, EventKind, Language, Story, TaskId, TaskRole, WaitOn, plain};

/// What is run, and by whom: the lines before the first event.
pub fn header(story: &Story) -> String {
    let mut text = String::new();
    push(&mut text, &story.title);
    push(&mut text, &story.asks);
    push(&mut text, &shape(story));
    if story.speed > 0.0 && (story.speed - 1.0).abs() > f64::EPSILON {
        push(&mut text, &format!("Run at {}x.", story.speed));
    }
    if let Some(language) = story.language.filter(|_| story.depends_on_language()) {
        push(&mut text, rules(language));
    }
    text.push('\n');
    text
}

/// By which rules it is played, in a sentence.
fn rules(language: Language) -> &'static str {
    match language {
        Language::Python => "Played as in Python: what a cancelled task awaits is cancelled, too.",
        Language::Rust => "Played as in Rust: what a cancelled task awaits goes on.",
    }
}

/// The runtime in a sentence: its loops and the pool.
pub fn shape(story: &Story) -> String {
    let runtime = &story.runtime;
    let further = story.loops.len();
    let loops = match (runtime.worker_threads, further, runtime.processes) {
        (2.., _, _) => format!("{} loop threads", runtime.worker_threads),
        (_, _, 2..) => format!("{} processes, each with a loop", runtime.processes),
        (_, 0, _) => "One loop, one thread".to_owned(),
        (_, further, _) => format!("{} loops, each with a thread", further + 1),
    };
    let pool = match (runtime.processes, runtime.pool_threads) {
        (2.., 1) => "each pool has one thread".to_owned(),
        (2.., threads) => format!("each pool has {threads} threads"),
        (_, 1) => "the pool has one thread".to_owned(),
        (_, threads) => format!("the pool has {threads} threads"),
    };
    format!("{loops}; {pool}.")
}

/// Writes what has not been written yet: events and findings in order of time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writer {
    event: usize,
    insight: usize,
    over: bool,
}

impl Writer {
    /// The lines of everything that the timeline has learned since the last call.
    pub fn news(&mut self, timeline: &Timeline) -> String {
        self.pieces(timeline).collect()
    }

    /// The same in pieces: what is found in a long run is no single text in memory.
    pub fn pieces<'a>(&'a mut self, timeline: &'a Timeline) -> impl Iterator<Item = String> + 'a {
        std::iter::from_fn(move || self.piece(timeline))
    }

    /// The lines of the next event or finding; `None` where there is none.
    fn piece(&mut self, timeline: &Timeline) -> Option<String> {
        let event = timeline.trace().events.get(self.event).copied();
        // What is found at the moment of an event follows from it, or precedes it by nothing.
        if let Some(finding) = timeline.findings().get(self.insight)
            && event.is_none_or(|event| finding.found < event.at)
        {
            // What it came to is said at the end.
            let found = timeline.finding_as_found(self.insight);
            let found = found.as_ref().unwrap_or(finding);
            let sentence = found.sentence(timeline, Language::Python);
            let what = format!("found: {} - {sentence}", finding.kind.word);
            self.insight += 1;
            let mut text = String::new();
            push_line(&mut text, finding.found.thousandths(), "", &what);
            return Some(text);
        }
        let event = event?;
        let mut text = String::new();
        if !self.over {
            push_event(&mut text, timeline, self.event);
        }
        // What the shutdown drops was unfinished: it is no part of the story.
        self.over |= matches!(event.kind, EventKind::RunEnded { .. });
        self.event += 1;
        Some(text)
    }
}

/// Adds the line of an event, if it says something to a reader.
pub fn push_event(text: &mut String, timeline: &Timeline, index: usize) {
    let Some(event) = timeline.trace().events.get(index) else {
        return;
    };
    if is_noise(timeline, index, event.kind) {
        return;
    }
    let (who, what) = explain::event_parts(timeline, index, Language::Python);
    push_line(text, event.at.thousandths(), &who, &what);
}

/// What follows the last event: the result, and what the trace proves; in pieces.
pub fn summary(timeline: &Timeline) -> impl Iterator<Item = String> {
    let mut first = String::from("\n");
    push(
        &mut first,
        &explain::result(timeline, &timeline.trace().answers),
    );
    if !timeline.findings().is_empty() {
        push(&mut first, "Found:");
    }
    let found = timeline.findings().iter().map(move |finding| {
        let sentence = finding.sentence(timeline, Language::Python);
        let at = finding.at.thousandths();
        let mut text = String::new();
        push_line(&mut text, at, finding.kind.word, &sentence);
        text
    });
    let mut last = String::new();
    if let Some(remedy) = &timeline.story().remedy {
        push(&mut last, &format!("What to change: {remedy}"));
    }
    std::iter::once(first).chain(found).chain([last])
}

/// Turns, wakes and beats are for pictures; a reader wants what changes for the story.
pub(crate) fn is_noise(timeline: &Timeline, index: usize, kind: EventKind) -> bool {
    let is_story = |task: TaskId| {
        let role = timeline.live().task(task).map(|task| task.role);
        role.is_none_or(TaskRole::is_story)
    };
    match kind {
        EventKind::ThreadStarted { .. }
        | EventKind::ThreadEnded { .. }
        | EventKind::Parked { .. }
        | EventKind::Unparked { .. }
        | EventKind::PollStarted { .. }
        | EventKind::PollEnded { .. }
        | EventKind::Woken { .. }
        | EventKind::StepEntered { .. }
        | EventKind::TaskAlias { .. }
        | EventKind::TaskOnLoop { .. }
        | EventKind::ThreadOfProcess { .. }
        | EventKind::GilWanted { .. }
        | EventKind::GilTaken { .. }
        | EventKind::GilReleased { .. }
        | EventKind::Metric { .. }
        | EventKind::TaskNamed { .. }
        | EventKind::PoolResized { .. }
        | EventKind::Beat { .. } => true,
        EventKind::Waiting {
            on: WaitOn::Turn, ..
        } => true,
        EventKind::TaskSpawned { task, role, .. } => {
            !role.is_story()
                || timeline
                    .live()
                    .task(task)
                    .is_some_and(|task| task.request.is_some())
        }
        EventKind::TaskEnded { task, .. }
        | EventKind::WaitingTimer { task, .. }
        | EventKind::Waiting { task, .. } => !is_story(task),
        EventKind::BlockStarted { actor, .. } | EventKind::BlockEnded { actor, .. } => {
            matches!(actor, Actor::Task(task) if !is_story(task))
        }
        EventKind::LockWanted { actor, lock, .. } => gets_it_at_once(timeline, index, actor, lock),
        _ => false,
    }
}

/// Whether an actor's very next event is that it has the lock.
fn gets_it_at_once(timeline: &Timeline, index: usize, actor: Actor, lock: u16) -> bool {
    let next = timeline.trace().events.get(index + 1);
    next.is_some_and(|next| match next.kind {
        EventKind::LockTaken {
            actor: by,
            lock: of,
            ..
        } => (by, of) == (actor, lock),
        _ => false,
    })
}

/// `   5.003s  A tab 1       prints bye`
fn push_line(text: &mut String, at: String, who: &str, what: &str) {
    let (who, what) = (plain(who), plain(what));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{at:>8}s  {who:<14}  {what}");
}

fn push(text: &mut String, line: &str) {
    if !line.is_empty() {
        text.push_str(&plain(line));
        text.push('\n');
    }
}
