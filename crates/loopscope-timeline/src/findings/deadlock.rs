//! Some wait for one another in a circle.

use crate::findings::detector::{self, Log, Now};
use crate::findings::finding::{Kind, Link, Reason};
use crate::words::{Naming, inside, lock, loop_words, pool_name, seconds, who};
use crate::world::entries::{Job, Task};
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Actor, BlockKind, EventKind, Language, WaitOn};

/// The most actors that are followed: a longer circle could not be read.
const MOST: usize = 256;

pub(crate) static KIND: Kind = Kind {
    id: "deadlock",
    word: "deadlock",
    row_word: "deadlock",
    symptoms: "deadlock, hangs for ever, never returns, run_until_complete, result()",
    runs_did: "came to a deadlock",
    on_map: None,
    sentence: |names, finding, language| {
        let links = links(names, &finding.chain, language).join("; ");
        if finding.open {
            // It will last; how long it has lasted says nothing.
            format!("{links}: none of them can go on.")
        } else {
            let length = seconds(finding.length);
            format!("{links}: none of them could go on ({length}).")
        }
    },
    short: |_, finding, row| format!("{} and {} in a circle", row.who, finding.count),
};

/// Who of a circle waits for whom, a clause each.
pub(crate) fn links(names: Naming, chain: &[Link], language: Language) -> Vec<String> {
    let links = chain.iter().enumerate().map(|(at, link)| {
        let other = chain[(at + 1) % chain.len()].actor;
        let (name, next) = (who(names, link.actor), who(names, other));
        let inside = inside(names, link.step, language);
        match link.reason {
            Reason::Blocks(_) => format!("{name} holds its thread{inside} until {next} ends"),
            Reason::Task(_) | Reason::Job(_) => format!("{name} waits{inside} for {next}"),
            Reason::Loop(thread) => {
                let thread = if names.has_several_loops() {
                    loop_words(names, thread)
                } else {
                    "the loop".to_owned()
                };
                format!("{name} can run only on {thread}, which {next} holds")
            }
            Reason::Lock(of) => {
                let lock = lock(names, of.into());
                if link.actor == other {
                    format!("{name} wants {lock}{inside}, which it has itself")
                } else {
                    format!("{name} wants {lock}{inside}, which {next} has")
                }
            }
            Reason::Pool(of) => format!(
                "{name} is queued for {}, where {next} has a thread",
                pool_name(names, of)
            ),
            Reason::Wrote(_) => format!("{name} wrote"),
        }
    });
    links.collect()
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// Circles that no actor has left yet, with their findings.
    circles: Vec<(usize, Vec<Actor>)>,
}

/// What an actor needs before it can go on.
enum Needs {
    /// It goes on by itself, or the trace does not tell.
    Nothing,
    /// One of these must go on first.
    OneOf(Vec<Actor>, Reason),
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::BlockedOn { actor, .. }
            | EventKind::BlockStarted {
                actor,
                kind: BlockKind::Lock,
                ..
            } => self.look(now, actor, log),
            EventKind::Waiting {
                task,
                on: WaitOn::Lock(_) | WaitOn::Task(_) | WaitOn::Job(_),
            } if is_any_kept(now.world) => self.look(now, Actor::Task(task), log),
            EventKind::BlockEnded { actor, .. } | EventKind::LockTaken { actor, .. } => {
                self.goes_on(now, actor, log);
            }
            EventKind::TaskEnded { task, .. } => self.goes_on(now, Actor::Task(task), log),
            EventKind::JobEnded { job, .. } => self.goes_on(now, Actor::Job(job), log),
            _ => {}
        }
    }
}

impl Detector {
    /// Whether an actor that has begun to wait can never go on, because those that it needs need it.
    fn look(&mut self, now: Now, actor: Actor, log: &mut Log) {
        let world = now.world;
        let known = |actor| {
            self.circles
                .iter()
                .any(|(_, circle)| circle.contains(&actor))
        };
        if known(actor) || !is_stuck(world, actor) {
            return;
        }
        let chain = circle(world, actor);
        let actors: Vec<Actor> = chain.iter().map(|link| link.actor).collect();
        let Some(&first) = actors.first() else {
            return;
        };
        if actors.iter().any(|&actor| known(actor)) {
            return;
        }
        let finding = log.open(now, &KIND, world.now, first);
        let count = u32::try_from(chain.len()).unwrap_or(u32::MAX);
        log.all[finding].chain = chain;
        log.count(finding, count, world.now);
        self.circles.push((finding, actors));
    }

    /// An actor goes on, be it because a limit has run out: its circle is broken.
    fn goes_on(&mut self, now: Now, actor: Actor, log: &mut Log) {
        let mut circles = self.circles.iter();
        if let Some(place) = circles.position(|(_, circle)| circle.contains(&actor)) {
            let (finding, _) = self.circles.swap_remove(place);
            log.close(finding, now.world.now);
        }
    }
}

/// Whether any actor holds a thread for a task's end, or wants a lock that another one has.
fn is_any_kept(world: &World) -> bool {
    let mut locks = world.shared.locks.iter();
    !world.shared.blocked_on.is_empty()
        || locks.any(|lock| lock.owner.is_some() && !lock.waiters.is_empty())
}

/// Whether no actor that it needs, directly or not, can go on by itself.
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

/// Follows the first need of each until one comes up again; what lies before the circle is
/// left out.
fn circle(world: &World, from: Actor) -> Vec<Link> {
    let mut chain: Vec<Link> = Vec::new();
    let mut actor = from;
    loop {
        if let Some(place) = chain.iter().position(|link| link.actor == actor) {
            chain.drain(..place);
            return chain;
        }
        let Needs::OneOf(others, reason) = needs(world, actor) else {
            return Vec::new();
        };
        let step = world.step_of(actor);
        chain.push(Link {
            actor,
            step,
            reason,
        });
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
        return Needs::OneOf(vec![Actor::Task(task)], Reason::Blocks(task));
    }
    if world
        .blocking_of(actor)
        .is_some_and(|(kind, _)| kind == BlockKind::Lock)
    {
        return lock_of(world, actor).map_or(Needs::Nothing, |(lock, owner)| {
            Needs::OneOf(vec![owner], Reason::Lock(lock))
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

/// The lock that an actor wants and another one has.
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
        return Needs::OneOf(holders, Reason::Loop(place));
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
        Some(WaitOn::Task(other)) => Needs::OneOf(vec![Actor::Task(other)], Reason::Task(other)),
        Some(WaitOn::Job(job)) => Needs::OneOf(vec![Actor::Job(job)], Reason::Job(job)),
        Some(WaitOn::Lock(_)) => lock_of(world, Actor::Task(task.id))
            .map_or(Needs::Nothing, |(lock, owner)| {
                Needs::OneOf(vec![owner], Reason::Lock(lock))
            }),
        _ => Needs::Nothing,
    }
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
