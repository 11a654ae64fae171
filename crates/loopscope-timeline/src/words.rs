//! What people call things: lanes, actors, steps and what is shared.
//!
//! *In:* ids. *Out:* names, places in the listing. *Absent:* whole
//! sentences, and the timeline: a trace, its lanes and its world are enough.

use crate::counts::list;
use crate::tracks::lanes::Lanes;
use crate::tracks::track::{Lane, LaneId};
use crate::world::world::World;
use loopscope_trace::{
    Actor, Admits, Awaited, EventKind, Language, ProcessId, StepId, Story, ThreadId, Trace,
};

/// Where names stand: all that a sentence needs of a timeline.
#[derive(Clone, Copy, Debug)]
pub struct Naming<'a> {
    trace: &'a Trace,
    lanes: &'a Lanes,
    world: &'a World,
}

impl<'a> Naming<'a> {
    pub(crate) const fn new(trace: &'a Trace, lanes: &'a Lanes, world: &'a World) -> Self {
        Self {
            trace,
            lanes,
            world,
        }
    }

    pub(crate) const fn story(self) -> &'a Story {
        &self.trace.story
    }

    pub(crate) const fn trace(self) -> &'a Trace {
        self.trace
    }

    /// The world at the live edge.
    pub(crate) const fn world(self) -> &'a World {
        self.world
    }

    fn lane(self, id: LaneId) -> Option<&'a Lane> {
        self.lanes.all.get(id.0 as usize)
    }

    /// Whether two actors have one lane.
    pub(crate) fn is_one(self, one: Actor, other: Actor) -> bool {
        let lane = self.lanes.of(one);
        lane.is_some() && lane == self.lanes.of(other)
    }

    /// Whether there is more than one loop.
    pub(crate) fn has_several_loops(self) -> bool {
        self.world.loops().nth(1).is_some()
    }
}

/// What a lane is called in a sentence: its letter, else its name.
pub fn label<'a>(names: impl Into<Naming<'a>>, lane: LaneId) -> &'a str {
    match names.into().lane(lane) {
        Some(lane) if lane.letter.is_empty() => &lane.name,
        Some(lane) => &lane.letter,
        None => "somebody",
    }
}

/// What an actor is called in a sentence.
pub(crate) fn who<'a>(names: impl Into<Naming<'a>>, actor: Actor) -> String {
    let names = names.into();
    if let Some(lane) = names.lanes.of(actor) {
        return label(names, lane).to_owned();
    }
    let name = match actor {
        Actor::Task(id) => names.world.task(id).map(|task| task.name),
        Actor::Job(id) => names.world.job(id).map(|job| job.name),
    };
    name.map_or("somebody", |name| names.trace.text(name))
        .to_owned()
}

/// How a step is written: `time.sleep(5)`.
pub fn step_text<'a>(
    names: impl Into<Naming<'a>>,
    step: StepId,
    language: Language,
) -> Option<&'a str> {
    let story = names.into().story();
    let step = story.step(step)?;
    let text = match story.language_of(step, language) {
        Language::Python => step.python.trim_end_matches(':'),
        Language::Rust => step.rust.trim_end_matches([';', '{', ' ']),
    };
    Some(text).filter(|text| !text.is_empty())
}

/// Where a step stands: `line 5` of the listing, `app.py:34` of a program that is watched.
pub fn line<'a>(names: impl Into<Naming<'a>>, step: StepId, language: Language) -> Option<String> {
    let story = names.into().story();
    let written = story.step(step)?;
    let line = written.line.of(story.language_of(written, language));
    match story.file_of(step) {
        _ if line == 0 => None,
        Some(file) => Some(format!("{}:{line}", file.short_path())),
        None => Some(format!("line {line}")),
    }
}

/// `time.sleep(5), line 5`, as much of it as is known and fits.
pub(crate) fn place<'a>(
    names: impl Into<Naming<'a>>,
    step: Option<StepId>,
    language: Language,
) -> Option<String> {
    let (names, step) = (names.into(), step?);
    let text = step_text(names, step, language).filter(|text| text.chars().count() <= 32);
    let line = line(names, step, language);
    match (text, line) {
        (Some(text), Some(line)) => Some(format!("{text}, {line}")),
        (Some(text), None) => Some(text.to_owned()),
        (None, line) => line,
    }
}

/// ` inside time.sleep(5), line 5`, or ` at line 5` where the step is too long to be repeated.
pub(crate) fn inside<'a>(
    names: impl Into<Naming<'a>>,
    step: Option<StepId>,
    language: Language,
) -> String {
    let names = names.into();
    place(names, step, language).map_or(String::new(), |place| {
        let how = if Some(&place) == step.and_then(|step| line(names, step, language)).as_ref() {
            "at"
        } else {
            "inside"
        };
        format!(" {how} {place}")
    })
}

/// `lock tickets`, `a permit of slots`, `rwlock config`.
pub(crate) fn lock<'a>(names: impl Into<Naming<'a>>, of: u32) -> String {
    let lock = names.into().story().locks.get(of as usize);
    lock.map_or_else(
        || "a lock".to_owned(),
        |lock| match lock.admits {
            Admits::One => format!("lock {}", lock.name),
            Admits::Permits(_) => format!("a permit of {}", lock.name),
            Admits::Readers => format!("rwlock {}", lock.name),
        },
    )
}

/// How many may have a lock at once.
pub(crate) fn admits<'a>(names: impl Into<Naming<'a>>, of: u32) -> Admits {
    let lock = names.into().story().locks.get(of as usize);
    lock.map(|lock| lock.admits).unwrap_or_default()
}

/// `A has`, `A and B have`, `A, B and 3 others have`.
pub(crate) fn they_have<'a>(names: impl Into<Naming<'a>>, actors: &[Actor]) -> String {
    let names = names.into();
    let all: Vec<String> = actors.iter().map(|&actor| who(names, actor)).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let verb = if all.len() == 1 { "has" } else { "have" };
    format!("{} {verb}", list(&all, all.len()))
}

/// `channel jobs`.
pub(crate) fn channel<'a>(names: impl Into<Naming<'a>>, of: u32) -> String {
    let channel = names.into().story().channels.get(of as usize);
    channel.map_or_else(
        || "a channel".to_owned(),
        |channel| format!("channel {}", channel.name),
    )
}

/// `event ready`.
pub(crate) fn event<'a>(names: impl Into<Naming<'a>>, of: u32) -> String {
    let event = names.into().story().events.get(of as usize);
    event.map_or_else(
        || "an event".to_owned(),
        |event| format!("event {}", event.name),
    )
}

/// `the pool`, `pool heavy`, `the pool of processes`.
pub(crate) fn pool_name<'a>(names: impl Into<Naming<'a>>, pool: u16) -> String {
    let named = usize::from(pool).checked_sub(1);
    let named = named.and_then(|place| names.into().story().pools.get(place));
    match (pool, named) {
        (EventKind::PROCESS_POOL, _) => "the pool of processes".to_owned(),
        (_, Some(named)) => format!("pool {}", named.name),
        (_, None) => "the pool".to_owned(),
    }
}

/// `pool-1`.
pub(crate) fn thread_name<'a>(names: impl Into<Naming<'a>>, id: ThreadId) -> String {
    let names = names.into();
    let thread = names.world.thread(id);
    let name = thread.map_or("a thread", |thread| names.trace.text(thread.name));
    name.to_owned()
}

/// `process-1`.
pub(crate) fn process_name<'a>(names: impl Into<Naming<'a>>, id: ProcessId) -> String {
    let names = names.into();
    let process = names.world.shared.processes.get(id.index());
    let name = process.map_or("a child process", |process| names.trace.text(process.name));
    name.to_owned()
}

/// The only loop that can run an actor, where loops do not share their tasks.
pub(crate) fn own_loop<'a>(names: impl Into<Naming<'a>>, actor: Actor) -> Option<String> {
    let Actor::Task(id) = actor else {
        return None;
    };
    let names = names.into();
    Some(loop_words(names, names.world.task(id)?.home?))
}

/// `the first loop`, `loop-2`, `the loop of process-1`.
pub(crate) fn loop_words<'a>(names: impl Into<Naming<'a>>, id: ThreadId) -> String {
    let names = names.into();
    let process = names.world.thread(id).and_then(|thread| thread.process);
    let name = thread_name(names, id);
    match process {
        Some(process) => format!("the loop of {}", process_name(names, process)),
        None if name == "loop" => "the first loop".to_owned(),
        None => name,
    }
}

/// What a task of a program that is watched waits for: `a value in jobs, 0 of 100`; `name` names it and says how it
/// stands, and may be empty.
pub(crate) fn awaited(what: Awaited, name: &str) -> String {
    let (of, alone) = match what {
        Awaited::QueueGet => ("a value in", "a value in a queue"),
        Awaited::QueuePut => ("room in", "room in a queue"),
        Awaited::Lock => ("the lock", "a lock"),
        Awaited::Semaphore => ("a permit of", "a permit of a semaphore"),
        Awaited::Event => ("the event", "an event"),
        Awaited::Condition => ("the condition", "a condition"),
        Awaited::Socket => ("the socket", "a socket"),
        Awaited::Client => (
            "the client:",
            "the rest of the request, which the client has not sent",
        ),
    };
    if name.is_empty() {
        alone.to_owned()
    } else {
        format!("{of} {name}")
    }
}
