//! A lock was handed to a future that its task keeps and does not poll.

use std::collections::{BTreeMap, BTreeSet};

use crate::counts::{capitalized, number_of, seconds};
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::holder;
use crate::words::{inside, lock, who};
use crate::world::world::World;
use loopscope_trace::{Actor, EventKind, Nanos, TaskId};

pub(crate) static KIND: Kind = Kind {
    id: "futurelock",
    word: "futurelock",
    row_word: "futurelock",
    symptoms: "futurelock, select &mut future, lock never released, mutex nobody holds, hangs for ever, lock is free and still waits",
    runs_did: "had a lock handed to a future that nobody polled",
    on_map: None,
    sentence: |names, finding, language| {
        let lock = capitalized(&lock(names, finding.of.unwrap_or(u32::MAX)));
        let keeper = holder(names, finding);
        let future = finding.held_by.map(|(future, _)| who(names, future));
        let future = future.map_or(String::new(), |future| format!("{future}, "));
        let waiters = match finding.count {
            0 | 1 => "one waits".to_owned(),
            count => format!("{count} wait"),
        };
        format!(
            "{lock} was handed to {future}a future that {keeper} keeps and does not poll while it waits{}: nothing had it for {}{}, though {waiters} for it.",
            inside(names, finding.step, language),
            seconds(finding.length),
            finding.so_far(),
        )
    },
    short: |names, finding, row| {
        let lock = lock(names, finding.of.unwrap_or(u32::MAX));
        format!(
            "{lock}, {} for {}{}",
            number_of(finding.count as usize, "waiter"),
            row.length,
            finding.and_counting()
        )
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// Locks that are free although they are waited for.
    free: BTreeMap<u16, Free>,
    due: BTreeSet<(Nanos, u16)>,
}

/// A lock that nothing has and something waits for.
#[derive(Clone, Copy, Debug)]
struct Free {
    since: Nanos,
    finding: Option<usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::LockReleased { lock, .. } => self.look(now, lock, log),
            EventKind::LockTaken { lock, .. } => self.close(now, lock, log),
            EventKind::LockWanted { lock, .. } => self.count(now, lock, log),
            EventKind::PollEnded { task, .. } => self.turn_over(now, task),
            EventKind::FuturePolled { future, .. } => {
                let kept = |world: &World, lock| first(world, lock) == keeper(world, future);
                let polled: Vec<u16> = self.free.keys().copied().collect();
                for lock in polled {
                    if kept(now.world, lock) {
                        self.close(now, lock, log);
                        self.look(now, lock, log);
                    }
                }
            }
            EventKind::TaskEnded { .. } if !self.free.is_empty() => {
                let all: Vec<u16> = self.free.keys().copied().collect();
                for lock in all {
                    self.look(now, lock, log);
                }
            }
            _ => {}
        }
    }

    fn due(&mut self) -> Option<Nanos> {
        self.due.first().map(|&(at, _)| at)
    }

    fn fire(&mut self, now: Now, log: &mut Log) {
        let Some((at, lock)) = self.due.pop_first() else {
            return;
        };
        let known = self.free.get(&lock).copied();
        let Some(known) = known.filter(|free| at.0 >= free.since.0 + LONG.0) else {
            return;
        };
        let Some(actor @ Actor::Task(task)) = first(now.world, lock) else {
            return;
        };
        let Some(future) = left_by(now.world, task) else {
            return;
        };
        if known.finding.is_some() {
            return;
        }
        let finding = log.open(now, &KIND, known.since, actor);
        log.all[finding].of = Some(lock.into());
        log.all[finding].held_by = Some((Actor::Task(future), None));
        if let Some(lane) = now.lanes.of(Actor::Task(future)) {
            log.list(finding, lane, now.world.now);
        }
        if let Some(free) = self.free.get_mut(&lock) {
            free.finding = Some(finding);
        }
        self.count(now, lock, log);
    }
}

impl Detector {
    /// A lock may be free now, and be waited for.
    fn look(&mut self, now: Now, lock: u16, log: &mut Log) {
        let known = now.world.shared.locks.get(usize::from(lock));
        let handed = known.is_some_and(|lock| !lock.is_full(false) && !lock.waiters.is_empty());
        if !handed {
            return self.close(now, lock, log);
        }
        self.free.entry(lock).or_insert(Free {
            since: now.world.now,
            finding: None,
        });
    }

    /// A task had a turn and did not take the lock that it was handed: what wanted it was not polled.
    fn turn_over(&mut self, now: Now, task: TaskId) {
        for (&lock, free) in &self.free {
            let is_first = first(now.world, lock) == Some(Actor::Task(task));
            if is_first && left_by(now.world, task).is_some() {
                let at = Nanos(now.world.now.0.max(free.since.0 + LONG.0));
                self.due.insert((at, lock));
            }
        }
    }

    /// How many wait for it, besides the future.
    fn count(&mut self, now: Now, lock: u16, log: &mut Log) {
        let Some(finding) = self.free.get(&lock).and_then(|free| free.finding) else {
            return;
        };
        let Some(known) = now.world.shared.locks.get(usize::from(lock)) else {
            return;
        };
        let others = known.waiters.len().saturating_sub(1);
        let count = u32::try_from(others).unwrap_or(u32::MAX);
        log.count(finding, count, now.world.now);
        for &(actor, _) in known.waiters.iter().skip(1) {
            if let Some(lane) = now.lanes.of(actor) {
                log.list(finding, lane, now.world.now);
            }
        }
    }

    fn close(&mut self, now: Now, lock: u16, log: &mut Log) {
        let known = self.free.remove(&lock);
        if let Some(finding) = known.and_then(|free| free.finding) {
            log.close(finding, now.world.now);
        }
    }
}

/// The waiter that comes first.
fn first(world: &World, lock: u16) -> Option<Actor> {
    let lock = world.shared.locks.get(usize::from(lock))?;
    lock.waiters.front().map(|&(actor, _)| actor)
}

/// The task that keeps a future.
fn keeper(world: &World, future: TaskId) -> Option<Actor> {
    world.task(future)?.parent.map(Actor::Task)
}

/// The oldest future that a task keeps and does not poll.
pub(crate) fn left_by(world: &World, task: TaskId) -> Option<TaskId> {
    let by = |(actor, _): (Actor, Nanos)| actor == Actor::Task(task);
    let mut futures = world.tasks.iter();
    let kept = futures.find(|future| future.ended.is_none() && future.left.is_some_and(by));
    kept.map(|future| future.id)
}
