//! What keeps an actor from going on: those of whom one must go on first.

use crate::findings::log::finding::{Link, Reason};
use crate::findings::waiting::alive::{Alive, MOST};
use crate::world::entries::{Job, Task};
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Actor, BlockKind, ChannelId, FunctionId, Program, TaskId, TaskRole, WaitOn};

/// The task of the program whose end is the end of all, once it is there.
pub(crate) fn main(world: &World) -> Option<&Task> {
    let main = world.programs.iter().find(|program| program.is_main)?;
    let is_main =
        |task: &&Task| task.role == TaskRole::Program && task.function == Some(main.function);
    world.tasks.iter().find(is_main)
}

/// What an actor needs before it can go on.
enum Needs {
    /// It goes on by itself, or the trace does not tell.
    Nothing,
    /// One of these must go on first; where there is none, it never will.
    OneOf(Vec<Actor>, Reason),
}

/// Whether no actor that it needs, directly or not, can go on by itself.
pub(crate) fn is_stuck(world: &World, alive: &Alive, actor: Actor) -> bool {
    let mut seen = vec![actor];
    let mut next = 0;
    while let Some(&actor) = seen.get(next) {
        next += 1;
        let Needs::OneOf(others, _) = needs(world, alive, actor) else {
            return false;
        };
        for other in others {
            if !seen.contains(&other) {
                seen.push(other);
            }
        }
        if seen.len() > MOST {
            return false;
        }
    }
    true
}

/// The circle that the first needs of each lead to; what lies before it is left out.
pub(crate) fn circle(world: &World, alive: &Alive, from: Actor) -> Vec<Link> {
    let (mut chain, next) = path(world, alive, from);
    match chain.iter().position(|link| Some(link.actor) == next) {
        Some(place) => chain.split_off(place),
        None => Vec::new(),
    }
}

/// Follows the first need of each, up to one who is on the way already or to a need that no actor can fill; who
/// comes after the last one.
pub(crate) fn path(world: &World, alive: &Alive, from: Actor) -> (Vec<Link>, Option<Actor>) {
    let mut chain: Vec<Link> = Vec::new();
    let mut next = Some(from);
    while let Some(actor) = next {
        if chain.iter().any(|link| link.actor == actor) {
            break;
        }
        let Needs::OneOf(others, reason) = needs(world, alive, actor) else {
            break;
        };
        let step = world.step_of(actor);
        chain.push(Link {
            actor,
            step,
            reason,
        });
        next = others.first().copied();
    }
    (chain, next)
}

fn needs(world: &World, alive: &Alive, actor: Actor) -> Needs {
    let blocked = world.shared.blocked_on.iter().rev();
    let mut blocked = blocked.filter(|&&(other, _)| other == actor);
    if let Some(&(_, task)) = blocked.next() {
        return Needs::OneOf(vec![Actor::Task(task)], Reason::Blocks(task));
    }
    if world
        .blocking_of(actor)
        .is_some_and(|(kind, _)| kind == BlockKind::Lock)
    {
        return lock_of(world, actor);
    }
    match actor {
        Actor::Task(id) => world
            .task(id)
            .map_or(Needs::Nothing, |task| of_task(world, alive, task)),
        Actor::Job(id) => world
            .job(id)
            .map_or(Needs::Nothing, |job| of_job(world, job)),
    }
}

/// Whoever of those who have the lock that an actor wants, or who asked for it before, has to go on first.
fn lock_of(world: &World, actor: Actor) -> Needs {
    let mut locks = world.shared.locks.iter().enumerate();
    let wanted = |waiter: &(Actor, _)| waiter.0 == actor;
    let Some((place, lock)) = locks.find(|(_, lock)| lock.waiters.iter().any(wanted)) else {
        return Needs::Nothing;
    };
    let Ok(place) = u16::try_from(place) else {
        return Needs::Nothing;
    };
    let reads = lock.readers.contains(&actor);
    let first: Vec<Actor> = if lock.is_full(reads) {
        lock.owners.iter().map(|&(owner, _)| owner).collect()
    } else if lock.is_awaited() {
        // Who reads could have it, but not before who asked earlier and writes.
        let before = lock.waiters.iter().map(|&(other, _)| other);
        let before = before.take_while(|&other| other != actor);
        before
            .filter(|other| !lock.readers.contains(other))
            .collect()
    } else {
        Vec::new()
    };
    match first.is_empty() {
        true => Needs::Nothing,
        false => Needs::OneOf(first, Reason::Lock(place)),
    }
}

fn of_task(world: &World, alive: &Alive, task: &Task) -> Needs {
    let waits = match task.state {
        State::Ready | State::Overdue => false,
        State::Waiting => true,
        // It has said what it is about to wait for, at the end of this very turn.
        State::Running => return awaited(world, alive, task),
        _ => return Needs::Nothing,
    };
    // Whatever it waits for: it needs a loop to go on, and those may be held for good.
    let mut holders = Vec::new();
    let mut place = None;
    for thread in world.loops_of(task) {
        let doing = thread.doing.filter(|doing| {
            let kind = doing.blocking.map(|(kind, _)| kind);
            matches!(kind, Some(BlockKind::Task | BlockKind::Lock))
        });
        let Some(doing) = doing else {
            holders.clear();
            break;
        };
        place.get_or_insert(thread.id);
        holders.push(doing.actor);
    }
    if let Some(place) = place.filter(|_| !holders.is_empty()) {
        return Needs::OneOf(holders, Reason::Loop(place));
    }
    if waits {
        awaited(world, alive, task)
    } else {
        Needs::Nothing
    }
}

/// What a task awaits.
fn awaited(world: &World, alive: &Alive, task: &Task) -> Needs {
    match task.waits_on {
        Some(WaitOn::Task(other)) => Needs::OneOf(vec![Actor::Task(other)], Reason::Task(other)),
        Some(WaitOn::Job(job)) => Needs::OneOf(vec![Actor::Job(job)], Reason::Job(job)),
        Some(WaitOn::Lock(_)) => lock_of(world, Actor::Task(task.id)),
        Some(WaitOn::Tasks(count)) => {
            let others = unended(world, Actor::Task(task.id), count as usize);
            others.first().map_or(Needs::Nothing, |&first| {
                let reason = Reason::Task(first);
                Needs::OneOf(others.iter().map(|&id| Actor::Task(id)).collect(), reason)
            })
        }
        Some(WaitOn::Channel(channel)) => value_of(world, alive, channel),
        Some(WaitOn::Room(channel)) => room_of(world, alive, channel),
        _ => Needs::Nothing,
    }
}

/// The tasks that an actor has spawned last and that have not ended: a `gather` waits for those right after it
/// has spawned them.
pub(crate) fn unended(world: &World, parent: Actor, count: usize) -> Vec<TaskId> {
    let tasks = world.tasks.iter().rev();
    let own = tasks.filter(|task| task.parent.map(Actor::Task) == Some(parent));
    let all = own.take(count).filter(|task| !task.state.is_final());
    all.map(|task| task.id).collect()
}

/// Whoever could send a value to an empty channel.
fn value_of(world: &World, alive: &Alive, id: ChannelId) -> Needs {
    let channel = world.shared.channels.get(id.index());
    let empty = channel.filter(|channel| channel.values.is_empty());
    let senders = empty.and_then(|channel| channel.senders.as_deref());
    of_functions(world, alive, senders, Reason::Channel(short(id)))
}

/// Whoever could take a value out of a full channel.
fn room_of(world: &World, alive: &Alive, id: ChannelId) -> Needs {
    let channel = world.shared.channels.get(id.index());
    let full = channel.filter(|channel| channel.is_full());
    let receivers = full.and_then(|channel| channel.receivers.as_deref());
    of_functions(world, alive, receivers, Reason::Room(short(id)))
}

/// Whoever runs one of these functions; a program that starts later may do so, too.
fn of_functions(
    world: &World,
    alive: &Alive,
    functions: Option<&[FunctionId]>,
    reason: Reason,
) -> Needs {
    let Some(functions) = functions else {
        return Needs::Nothing;
    };
    let is_due =
        |program: &Program| functions.contains(&program.function) && program.at > world.now;
    if world.programs.iter().any(is_due) {
        return Needs::Nothing;
    }
    match alive.running(functions) {
        Some(others) => Needs::OneOf(others, reason),
        None => Needs::Nothing,
    }
}

/// A channel's place, as a reason carries it.
fn short(id: ChannelId) -> u16 {
    u16::try_from(id.0).unwrap_or(u16::MAX)
}

fn of_job(world: &World, job: &Job) -> Needs {
    if job.state != State::Queued {
        return Needs::Nothing;
    }
    let others = world.doing_jobs_of(job.pool).map(|doing| doing.actor);
    let others: Vec<Actor> = others.collect();
    let (pool, _) = world.pool_of(job.pool);
    if pool.threads == 0 || others.len() < pool.threads as usize {
        return Needs::Nothing;
    }
    Needs::OneOf(others, Reason::Pool(job.pool))
}
