//! What each task has in hand, at every event: against a second fold that goes back over the whole history.

use std::collections::BTreeMap;
use std::sync::Arc;

use loopscope::VOCABULARY;
use loopscope::engine::{self, Options};
use loopscope::library;
use loopscope::scenario::{Choices, FileName, load};
use loopscope::timeline::{Timeline, World, explain};
use loopscope::trace::{Actor, Clock, EventKind, Nanos, TaskId, TextId, Trace};

/// Something that was done to a variable, in order.
struct Done {
    actor: Actor,
    /// The variable, as the process of the actor sees it.
    of: (u16, Option<u32>),
    writes: bool,
    at: Nanos,
    value: TextId,
}

/// Locals by call, and what was done to variables, with nothing worked out.
#[derive(Default)]
struct History {
    locals: BTreeMap<(Actor, u8, u16), TextId>,
    done: Vec<Done>,
}

impl History {
    fn happens(&mut self, world: &World, at: Nanos, kind: EventKind) {
        let process = |actor: Actor| {
            let thread = match actor {
                Actor::Task(id) => world.task(id).and_then(|task| task.thread.or(task.home)),
                Actor::Job(id) => world.job(id).and_then(|job| job.thread),
            };
            let thread = thread.and_then(|thread| world.thread(thread));
            thread.and_then(|thread| thread.process).map(|id| id.0)
        };
        let (actor, of, value, writes) = match kind {
            EventKind::VariableRead {
                actor,
                variable,
                value,
            } => (actor, variable, value, false),
            EventKind::VariableWritten {
                actor,
                variable,
                value,
            } => (actor, variable, value, true),
            EventKind::LocalSet {
                actor,
                local,
                call,
                value,
            } => {
                let key = (actor, call, local);
                match value.get() {
                    Some(value) => self.locals.insert(key, value),
                    None => self.locals.remove(&key),
                };
                return;
            }
            EventKind::TaskEnded { task, .. } => return self.ends(Actor::Task(task)),
            EventKind::JobEnded { job, .. } => return self.ends(Actor::Job(job)),
            _ => return,
        };
        let of = (of, process(actor));
        self.done.push(Done {
            actor,
            of,
            writes,
            at,
            value,
        });
    }

    fn ends(&mut self, actor: Actor) {
        self.locals.retain(|(other, ..), _| *other != actor);
    }

    /// What an actor has in hand differs from what the world says; empty where it does not.
    fn unlike(&self, world: &World, actor: Actor) -> Option<String> {
        let values = world.values_of(actor).cloned().unwrap_or_default();
        let told = values.locals.iter();
        let told: BTreeMap<_, _> = told
            .map(|local| ((actor, local.call, local.local), local.value))
            .collect();
        let own = self
            .locals
            .iter()
            .filter(|((other, ..), _)| *other == actor);
        let own: BTreeMap<_, _> = own.map(|(key, value)| (*key, *value)).collect();
        if told != own {
            return Some(format!("locals {told:?}, not {own:?}"));
        }
        values.touched.iter().find_map(|touched| {
            let mine = |done: &&Done| done.actor == actor && done.of.0 == touched.of;
            let last = |writes: bool| {
                let mut mine = self.done.iter().filter(mine);
                mine.rfind(|done| done.writes == writes)
                    .map(|done| (done.at, done.value))
            };
            if (touched.read, touched.wrote) != (last(false), last(true)) {
                return Some(format!("last read and write: {touched:?}"));
            }
            // What it wrote last, and the write just before, if it had read and that one came later.
            let write = self
                .done
                .iter()
                .rposition(|done| mine(&done) && done.writes)?;
            let of = self.done[write].of;
            let before = &self.done[..write];
            let own = before.iter().rposition(|done| mine(&done));
            let other = before.iter().rposition(|done| done.of == of && done.writes);
            let over = match (own, other) {
                (Some(own), Some(other)) if !before[own].writes && other > own => {
                    Some(before[other].value)
                }
                _ => None,
            };
            let says = touched.over.map(|write| write.value);
            (says != over).then(|| format!("wiped out {says:?}, not {over:?}"))
        })
    }
}

/// A computed run; `None` of what cannot be computed.
fn traced(source: &str, file: &FileName) -> Option<Trace> {
    let choices = Choices {
        clock: Clock::Virtual,
        ..Choices::default()
    };
    let scenario = load(source, file, &choices, &VOCABULARY).expect("it is right");
    if !engine::can_be_computed(&scenario.story) {
        return None;
    }
    let mut trace = Trace::new(scenario.story.clone());
    let speed = scenario.story.speed;
    let options = Options { speed, seed: 0 };
    let run = engine::start(Arc::new(scenario), &options).expect("it starts");
    for batch in run.batches() {
        trace.extend(batch);
    }
    Some(trace)
}

fn held(name: &str, trace: Trace) -> usize {
    let timeline = Timeline::from_trace(trace);
    let mut world = World::new(timeline.story());
    let mut history = History::default();
    let mut checked = 0;
    for (place, event) in timeline.trace().events.iter().enumerate() {
        if world.ended.is_some() {
            break;
        }
        world.apply(event);
        history.happens(&world, event.at, event.kind);
        let of = match event.kind {
            EventKind::VariableRead { actor, .. }
            | EventKind::VariableWritten { actor, .. }
            | EventKind::LocalSet { actor, .. }
            | EventKind::StepEntered { actor, .. } => actor,
            EventKind::TaskEnded { task, .. } => Actor::Task(task),
            EventKind::JobEnded { job, .. } => Actor::Job(job),
            _ => continue,
        };
        checked += 1;
        let unlike = history.unlike(&world, of);
        assert_eq!(unlike, None, "{name}, event {place}: {event:?}");
    }
    for task in 0..world.tasks.len() {
        let of = Actor::Task(TaskId::from(task));
        assert_eq!(history.unlike(&world, of), None, "{name}, at the end");
    }
    checked
}

#[test]
fn what_each_task_has_in_hand_is_what_its_events_say() {
    let all = library::all().into_iter();
    let held = all.filter_map(|entry| {
        let trace = traced(&entry.source, &entry.file)?;
        Some(held(&entry.file.id, trace))
    });
    let checked: usize = held.sum();
    assert!(checked > 1_000, "{checked}");
}

/// Calls in place, side by side, given up, and on the pool, with locals of the same names.
const CALLS: &str = r#"
title = "Calls"
asks = "?"
shows = "!"
[[variable]]
name = "total"
initial = 7
[[function]]
name = "main"
body = [
  { read = "total", into = "x" },
  { call = "twice(1)", into = "y" },
  { join = ["slow(1)", "slow(2)"] },
  { timeout = "10ms", do = [{ call = "slow(3)" }] },
  { spawn_blocking = [{ block = "10ms" }, { print = "{x}" }] },
  { sleep = "10ms" },
]
[[function]]
name = "twice"
params = ["n"]
body = [{ sleep = "5ms" }, { return = "{n + n}" }]
[[function]]
name = "slow"
params = ["n"]
body = [{ sleep = "30ms" }, { read = "total", into = "x" }, { sleep = "30ms" }]
[[start]]
run = "main"
"#;

/// What is in hand at a moment, a text for each lane that has locals.
fn in_hand(timeline: &Timeline, millis: u64) -> Vec<String> {
    let moment = timeline.moment_at(Nanos::from_millis(millis));
    let world = timeline.world_at(moment);
    let lanes = timeline.lanes().iter();
    let told = lanes.map(|lane| {
        let has = explain::in_hand(timeline, &world, lane.id);
        let locals = has.locals.iter();
        let locals: Vec<String> = locals
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        locals.join(" ")
    });
    told.filter(|told| !told.is_empty()).collect()
}

#[test]
fn locals_are_those_of_the_calls_that_are_open() {
    let trace = traced(CALLS, &FileName::default()).expect("it can be computed");
    held("calls", trace.clone());
    let timeline = Timeline::from_trace(trace);
    assert_eq!(in_hand(&timeline, 2), ["x=7 n=1"]);
    assert_eq!(in_hand(&timeline, 20), ["x=7 y=2 n=1 n=2"]);
    assert_eq!(in_hand(&timeline, 50), ["x=7 y=2 n=1 n=2 x=7 x=7"]);
    assert_eq!(in_hand(&timeline, 68), ["x=7 y=2 n=3"]);
    assert_eq!(in_hand(&timeline, 80), ["x=7 y=2", "x=7 y=2"]);
    assert_eq!(in_hand(&timeline, 90), ["x=7 y=2"]);
}

#[test]
fn a_lost_update_is_told_by_who_lost_it() {
    let entry = library::find("next-id-race").expect("one of ours");
    let trace = traced(&entry.source, &entry.file).expect("it can be computed");
    let timeline = Timeline::from_trace(trace);
    let second = timeline
        .lanes()
        .iter()
        .find(|lane| lane.letter.as_str() == "B");
    let second = second.expect("a second request").id;
    let told = |millis: u64| {
        let moment = timeline.moment_at(Nanos::from_millis(millis));
        explain::in_hand(&timeline, &timeline.world_at(moment), second)
    };
    let half = told(50);
    assert_eq!(half.locals, [("x".to_owned(), "0".to_owned())]);
    assert_eq!(half.shared, ["read id = 0 at 0.00s"]);
    assert_eq!(half.awaits, "a sleep until 0.10s");
    let end = told(150);
    assert_eq!(
        end.shared,
        ["read id = 0 at 0.00s, wrote 1 at 0.10s; A had written 1 in between: lost"]
    );
    assert!(end.locals.is_empty() && end.awaits.is_empty(), "{end:?}");
}
