//! What a lane's task or job has in hand at a moment: its locals, what it read and wrote, what it awaits.

use crate::counts::{self, number_of, seconds};
use crate::moments::timeline::Timeline;
use crate::sentences::asked::task_of;
use crate::tracks::track::{LaneId, LaneKind};
use crate::words::{self, who};
use crate::world::entries::Task;
use crate::world::state::State;
use crate::world::values::{Touched, Values};
use crate::world::world::World;
use loopscope_trace::{Actor, Admits, LockId, TaskId, TaskRole, TextId, WaitOn};

/// What a lane has in hand, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InHand {
    /// The locals and their values, those of inner calls last.
    pub locals: Vec<(String, String)>,
    /// What it read and wrote last, a line for each variable.
    pub shared: Vec<String>,
    /// What it awaits; empty where it awaits nothing.
    pub awaits: String,
}

/// What a lane has in hand at the moment of `world`.
pub fn in_hand(timeline: &Timeline, world: &World, lane: LaneId) -> InHand {
    let actors = actors(timeline, world, lane);
    let values = || actors.iter().filter_map(|&actor| world.values_of(actor));
    let story = timeline.story();
    let name = |local: u16| story.locals.get(usize::from(local));
    let locals = values().flat_map(|values| &values.locals).map(|local| {
        let name = name(local.local).map_or("?", |local| local.name.as_str());
        (
            name.to_owned(),
            timeline.trace().text(local.value).to_owned(),
        )
    });
    let shared = actors.iter().flat_map(|&actor| {
        let touched = world
            .values_of(actor)
            .map(|values: &Values| &values.touched);
        let told = touched.into_iter().flatten();
        told.map(move |touched| shared(timeline, world, actor, touched))
    });
    InHand {
        locals: locals.collect(),
        shared: shared.collect(),
        awaits: awaits(timeline, world, lane),
    }
}

/// Whether a lane has a local, or has touched a variable.
pub fn has_values(timeline: &Timeline, world: &World, lane: LaneId) -> bool {
    let actors = actors(timeline, world, lane).into_iter();
    let mut values = actors.filter_map(|actor| world.values_of(actor));
    values.any(|values| !values.locals.is_empty() || !values.touched.is_empty())
}

/// Who acts in a lane: its task, and the job that does the work of a plain function.
fn actors(timeline: &Timeline, world: &World, lane: LaneId) -> Vec<Actor> {
    let job = match timeline.lane(lane).map(|lane| lane.kind) {
        Some(LaneKind::Job(job)) => Some(job),
        _ => None,
    };
    let task = task_of(timeline, world, lane);
    let dispatched = task.filter(|task| task.role == TaskRole::Dispatch);
    let job = job.or(dispatched.and_then(|task| task.job));
    let task = task.map(|task| Actor::Task(task.id));
    task.into_iter().chain(job.map(Actor::Job)).collect()
}

/// `read id = 0 at 0.00s, wrote 1 at 0.10s over B's 1: lost`.
fn shared(timeline: &Timeline, world: &World, actor: Actor, touched: &Touched) -> String {
    let text = |value: TextId| timeline.trace().text(value);
    let variable = timeline.story().variables.get(usize::from(touched.of));
    let name = variable.map_or("a variable", |variable| variable.name.as_str());
    let process = world.process_of(actor);
    let since = world.shared.variable(touched.of, process);
    let since = since.and_then(|variable| touched.since(variable));
    // Of what it does first, the name is said.
    let said = |verb: &str, (at, value), first: bool| {
        let equals = if first {
            format!("{name} = ")
        } else {
            String::new()
        };
        format!("{verb} {equals}{} at {}", text(value), seconds(at))
    };
    let reads_last = touched.seen.is_some();
    let parts = match (touched.read, touched.wrote) {
        (Some(read), Some(wrote)) if reads_last => {
            format!(
                "{}, {}",
                said("wrote", wrote, true),
                said("read", read, false)
            )
        }
        (Some(read), Some(wrote)) => {
            format!(
                "{}, {}",
                said("read", read, true),
                said("wrote", wrote, false)
            )
        }
        (Some(read), None) => said("read", read, true),
        (None, Some(wrote)) => said("wrote", wrote, true),
        (None, None) => String::new(),
    };
    match (since, touched.over) {
        (Some(write), _) => format!(
            "{parts}; {} has written {} since",
            who(timeline, write.actor),
            text(write.value)
        ),
        (None, Some(write)) if !reads_last => format!(
            "{parts}; {} had written {} in between: lost",
            who(timeline, write.actor),
            text(write.value)
        ),
        _ => parts,
    }
}

/// What it awaits: `a sleep until 0.10s`, `lock id_lock, which B has`.
fn awaits(timeline: &Timeline, world: &World, lane: LaneId) -> String {
    let (state, ..) = timeline.lane_state(lane, world);
    let barred = actors(timeline, world, lane).into_iter();
    let barred = barred
        .filter(|_| state.acts())
        .find_map(|actor| barred_by(timeline, world, actor));
    if let Some(words) = barred {
        return words;
    }
    let task = task_of(timeline, world, lane);
    match (state, task) {
        (State::Waiting, Some(task)) => awaited(timeline, world, task),
        (State::Overdue, Some(task)) => task.deadline.map_or(String::new(), |deadline| {
            format!("a timer that ran out at {}", seconds(deadline))
        }),
        (State::OnPool, Some(_)) => "its job, on a pool thread".to_owned(),
        (State::Queued, _) => "a thread of the pool".to_owned(),
        (State::InBacklog, _) => "accept, to be let in".to_owned(),
        (State::Ready, _) => "its turn".to_owned(),
        _ => String::new(),
    }
}

/// What keeps an actor that holds a thread from going on.
fn barred_by(timeline: &Timeline, world: &World, actor: Actor) -> Option<String> {
    let mut blocked = world.shared.blocked_on.iter();
    if let Some((_, task)) = blocked.find(|(other, _)| *other == actor) {
        return Some(with_state(timeline, world, *task));
    }
    let wants = world.shared.locks.iter().position(|lock| {
        let mut waiters = lock.waiters.iter();
        waiters.any(|(other, _)| *other == actor)
    });
    Some(lock(timeline, world, LockId::from(wants?)))
}

fn awaited(timeline: &Timeline, world: &World, task: &Task) -> String {
    match (task.deadline, task.waits_on) {
        (Some(deadline), _) => format!("a sleep until {}", seconds(deadline)),
        (None, Some(WaitOn::Task(other))) => with_state(timeline, world, other),
        (None, Some(WaitOn::Job(job))) => {
            let state = world.job(job).map_or("unknown", |job| job.state.word());
            format!("its job, which is {state}")
        }
        (None, Some(WaitOn::Tasks(count))) => {
            let children = world.tasks.iter();
            let left = children.filter(|child| child.parent == Some(task.id));
            let left = left.filter(|child| child.ended.is_none());
            let names: Vec<String> = left
                .map(|child| who(timeline, Actor::Task(child.id)))
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            match names.as_slice() {
                [] => number_of(count as usize, "task"),
                names => counts::list(names, names.len()),
            }
        }
        (None, Some(WaitOn::Lock(of))) => lock(timeline, world, of),
        (None, Some(WaitOn::Channel(of))) => {
            let values = world.shared.channels.get(of.index());
            let values = values.map_or(0, |channel| channel.values.len());
            let holds = match values {
                0 => "nothing".to_owned(),
                count => number_of(count, "value"),
            };
            format!("{}, with {holds} in it", words::channel(timeline, of.0))
        }
        (None, Some(WaitOn::NamedEvent(of))) => words::event(timeline, of.0),
        (None, Some(WaitOn::Room(of))) => format!("room in {}", words::channel(timeline, of.0)),
        (None, Some(WaitOn::Futures(count))) => {
            format!("{} side by side", number_of(count as usize, "future"))
        }
        (None, Some(WaitOn::Backlog)) => "a request".to_owned(),
        (None, Some(WaitOn::Turn)) => "its next turn".to_owned(),
        (None, Some(WaitOn::Named { what, name })) => {
            words::awaited(what, timeline.trace().text(name))
        }
        (None, Some(WaitOn::Forever)) => "something that never comes".to_owned(),
        (None, None) => String::new(),
    }
}

fn with_state(timeline: &Timeline, world: &World, task: TaskId) -> String {
    let state = world.task(task).map_or("unknown", |task| task.state.word());
    format!("{}, which is {state}", who(timeline, Actor::Task(task)))
}

fn lock(timeline: &Timeline, world: &World, of: LockId) -> String {
    let name = words::lock(timeline, of.0);
    match world.shared.locks.get(of.index()) {
        Some(lock) if !lock.owners.is_empty() => {
            let owners: Vec<Actor> = lock.owners.iter().map(|&(owner, _)| owner).collect();
            let which = match lock.admits {
                Admits::Permits(_) => "of which",
                _ => "which",
            };
            format!("{name}, {which} {}", words::they_have(timeline, &owners))
        }
        _ => format!("{name}, which is free again"),
    }
}
