//! Findings about deadlocks: those who wait for one another in a circle.

use crate::findings::all::Findings;
use crate::findings::finding::{InsightKind, Link, Want};
use crate::tracks::lanes::Lanes;
use crate::world::entries::{Job, Task};
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Actor, BlockKind, WaitOn};

/// So many actors are followed; a circle of more is none that anybody could read.
const MOST: usize = 256;

/// What an actor needs before it can go on.
enum Needs {
    /// It goes on by itself, or nobody can tell.
    Nothing,
    /// One of these must go on first.
    OneOf(Vec<Actor>, Want),
}

impl Findings {
    /// Whether an actor that has begun to wait can never go on, because whoever it needs needs it.
    pub(crate) fn look_for_circle(&mut self, world: &World, lanes: &Lanes, actor: Actor) {
        let known = self.stuck.iter().any(|(_, circle)| circle.contains(&actor));
        if known || !is_stuck(world, actor) {
            return;
        }
        let chain = circle(world, actor);
        let Some(first) = chain.first().map(|link| link.actor) else {
            return;
        };
        let actors: Vec<Actor> = chain.iter().map(|link| link.actor).collect();
        let known =
            |(_, circle): &(usize, Vec<Actor>)| circle.iter().any(|one| actors.contains(one));
        if self.stuck.iter().any(known) {
            return;
        }
        let kind = InsightKind::Deadlock;
        let finding = self.log.open(world, lanes, kind, world.now, first);
        let count = u32::try_from(chain.len()).unwrap_or(u32::MAX);
        self.log.all[finding].chain = chain;
        self.log.count(finding, count, world.now);
        self.stuck.push((finding, actors));
    }

    /// An actor goes on, be it because a limit has run out: its circle is broken.
    pub(crate) fn break_circle(&mut self, world: &World, actor: Actor) {
        let Some(place) = self
            .stuck
            .iter()
            .position(|(_, circle)| circle.contains(&actor))
        else {
            return;
        };
        let (finding, _) = self.stuck.swap_remove(place);
        self.log.close(finding, world.now);
    }
}

/// Whether any actor holds a thread for a task's end, or wants a lock that another one has.
pub(crate) fn is_any_kept(world: &World) -> bool {
    let mut locks = world.shared.locks.iter();
    !world.shared.blocked_on.is_empty()
        || locks.any(|lock| lock.owner.is_some() && !lock.waiters.is_empty())
}

/// Nobody whom it needs, directly or not, can go on by itself.
fn is_stuck(world: &World, actor: Actor) -> bool {
    let mut seen = vec![actor];
    let mut next = 0;
    while let Some(&actor) = seen.get(next) {
        next += 1;
        let Needs::OneOf(others, _) = needs(world, actor) else {
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

/// Follows the first need of each until somebody comes up again; what lies before the circle is
/// left out.
fn circle(world: &World, from: Actor) -> Vec<Link> {
    let mut chain: Vec<Link> = Vec::new();
    let mut actor = from;
    loop {
        if let Some(place) = chain.iter().position(|link| link.actor == actor) {
            chain.drain(..place);
            return chain;
        }
        let Needs::OneOf(others, want) = needs(world, actor) else {
            return Vec::new();
        };
        let step = world.step_of(actor);
        chain.push(Link { actor, step, want });
        let Some(&other) = others.first() else {
            return Vec::new();
        };
        actor = other;
    }
}

fn needs(world: &World, actor: Actor) -> Needs {
    let blocked = world.shared.blocked_on.iter().rev();
    let mut blocked = blocked.filter(|&&(other, _)| other == actor);
    if let Some(&(_, task)) = blocked.next() {
        return Needs::OneOf(vec![Actor::Task(task)], Want::Blocks(task));
    }
    let blocking = match actor {
        Actor::Task(id) => world.task(id).and_then(|task| task.blocking),
        Actor::Job(id) => world.job(id).and_then(|job| job.blocking),
    };
    if blocking.is_some_and(|(kind, _)| kind == BlockKind::Lock) {
        return lock_of(world, actor).map_or(Needs::Nothing, |(lock, owner)| {
            Needs::OneOf(vec![owner], Want::Lock(lock))
        });
    }
    match actor {
        Actor::Task(id) => world
            .task(id)
            .map_or(Needs::Nothing, |task| of_task(world, task)),
        Actor::Job(id) => world
            .job(id)
            .map_or(Needs::Nothing, |job| of_job(world, job)),
    }
}

/// The lock that an actor wants and somebody has.
fn lock_of(world: &World, actor: Actor) -> Option<(u16, Actor)> {
    let mut locks = world.shared.locks.iter().enumerate();
    let wanted = |waiter: &(Actor, _)| waiter.0 == actor;
    let (place, lock) = locks.find(|(_, lock)| lock.waiters.iter().any(wanted))?;
    Some((u16::try_from(place).ok()?, lock.owner?.0))
}

fn of_task(world: &World, task: &Task) -> Needs {
    let waits = match task.state {
        State::Ready | State::Overdue => false,
        State::Waiting => true,
        // It has said what it is about to wait for, at the end of this very turn.
        State::Running => return awaited(world, task),
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
        return Needs::OneOf(holders, Want::Loop(place));
    }
    if waits {
        awaited(world, task)
    } else {
        Needs::Nothing
    }
}

/// What a task awaits.
fn awaited(world: &World, task: &Task) -> Needs {
    match task.waits_on {
        Some(WaitOn::Task(other)) => Needs::OneOf(vec![Actor::Task(other)], Want::Task(other)),
        Some(WaitOn::Job(job)) => Needs::OneOf(vec![Actor::Job(job)], Want::Job(job)),
        Some(WaitOn::Lock(_)) => lock_of(world, Actor::Task(task.id))
            .map_or(Needs::Nothing, |(lock, owner)| {
                Needs::OneOf(vec![owner], Want::Lock(lock))
            }),
        _ => Needs::Nothing,
    }
}

fn of_job(world: &World, job: &Job) -> Needs {
    if job.state != State::Queued {
        return Needs::Nothing;
    }
    let threads = world.threads.iter().filter_map(|thread| thread.doing);
    let others: Vec<Actor> = threads
        .map(|doing| doing.actor)
        .filter(|&actor| {
            matches!(actor, Actor::Job(other)
                if world.job(other).is_some_and(|other| other.pool == job.pool))
        })
        .collect();
    let (pool, _) = world.pool_of(job.pool);
    if pool.threads == 0 || others.len() < pool.threads as usize {
        return Needs::Nothing;
    }
    Needs::OneOf(others, Want::Pool(job.pool))
}
