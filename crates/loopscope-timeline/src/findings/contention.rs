//! Findings about those who want what somebody else has: CPython's lock, and locks that are not
//! given in the order of asking.

use std::collections::{BTreeMap, BTreeSet};

use crate::findings::all::{Findings, LONG};
use crate::findings::finding::InsightKind;
use crate::tracks::lanes::Lanes;
use crate::world::world::World;
use loopscope_trace::{Actor, Nanos, ProcessId, ThreadId};

/// Who asks so much later than another one has come later for sure.
const LATER: Nanos = Nanos::from_millis(10);

/// Who waits, and the findings about it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contention {
    /// Threads that want CPython's lock while another one has it, and since when.
    gil_waits: BTreeMap<ThreadId, Nanos>,
    gils: Vec<GilStretch>,
    /// Waiters that somebody came before: how often, who first, and the finding.
    overtaken: BTreeMap<(u16, Actor), Overtaken>,
}

/// A stretch of time in which somebody always had or wanted CPython's lock of a process.
#[derive(Clone, Debug, Default)]
struct GilStretch {
    process: Option<ProcessId>,
    since: Nanos,
    waited: Nanos,
    threads: BTreeSet<ThreadId>,
    finding: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Overtaken {
    times: u32,
    by: Actor,
    finding: Option<usize>,
}

impl Findings {
    pub(crate) fn gil_wanted(&mut self, world: &World, thread: ThreadId) {
        let Some(process) = world.thread(thread).map(|thread| thread.process) else {
            return;
        };
        let gil = world.shared.gil(process);
        if gil.is_none_or(|gil| gil.owner.is_none()) {
            return;
        }
        let contention = &mut self.contention;
        contention.gil_waits.insert(thread, world.now);
        let gils = &mut contention.gils;
        if !gils.iter().any(|gil| gil.process == process) {
            gils.push(GilStretch {
                process,
                since: world.now,
                ..GilStretch::default()
            });
        }
    }

    pub(crate) fn gil_taken(&mut self, world: &World, lanes: &Lanes, thread: ThreadId) {
        let contention = &mut self.contention;
        let Some(since) = contention.gil_waits.remove(&thread) else {
            return;
        };
        let Some(thread) = world.thread(thread) else {
            return;
        };
        let gils = &mut contention.gils;
        let Some(gil) = gils.iter_mut().find(|gil| gil.process == thread.process) else {
            return;
        };
        gil.waited += world.now.since(since);
        gil.threads.insert(thread.id);
        if gil.waited < LONG {
            return;
        }
        let count = u32::try_from(gil.threads.len()).unwrap_or(u32::MAX);
        let (waited, since) = (gil.waited, gil.since);
        let finding = gil.finding.unwrap_or_else(|| {
            let actor = thread.doing.map(|doing| doing.actor);
            let lane = actor.and_then(|actor| lanes.of(actor));
            let kind = InsightKind::GilContention;
            self.log.open_at(world, kind, since, actor, lane)
        });
        gil.finding = Some(finding);
        self.log.amount(finding, waited, world.now);
        self.log.count(finding, count, world.now);
    }

    /// A thread has let go of CPython's lock; where nobody wants it the stretch is over.
    pub(crate) fn gil_released(&mut self, world: &World, thread: ThreadId) {
        self.contention.gil_waits.remove(&thread);
        let process = world.thread(thread).and_then(|thread| thread.process);
        let gil = world.shared.gil(process);
        if gil.is_some_and(|gil| gil.owner.is_some() || !gil.waiters.is_empty()) {
            return;
        }
        self.gil_over(world, process);
    }

    /// Nobody has or wants the lock of this process any more.
    pub(crate) fn gil_over(&mut self, world: &World, process: Option<ProcessId>) {
        let gils = &mut self.contention.gils;
        let Some(place) = gils.iter().position(|gil| gil.process == process) else {
            return;
        };
        let over = gils.swap_remove(place);
        if let Some(finding) = over.finding {
            self.log.close(finding, world.now);
        }
    }

    /// Somebody got a lock: others may have asked for it before.
    pub(crate) fn lock_taken(&mut self, world: &World, lanes: &Lanes, actor: Actor, of: u16) {
        self.lock_left(world, actor, of);
        let Some(lock) = world.shared.locks.get(usize::from(of)) else {
            return;
        };
        let before = lock.waiters.iter();
        let before = before.filter(|&&(_, since)| since + LATER <= lock.asked);
        for &(waiter, since) in before {
            let overtaken = self.contention.overtaken.entry((of, waiter));
            let overtaken = overtaken.or_insert(Overtaken {
                times: 0,
                by: actor,
                finding: None,
            });
            overtaken.times = overtaken.times.saturating_add(1);
            if world.now.since(since) < LONG {
                continue;
            }
            let (times, by) = (overtaken.times, overtaken.by);
            let finding = overtaken.finding.unwrap_or_else(|| {
                let kind = InsightKind::UnfairLock;
                let finding = self.log.open(world, lanes, kind, since, waiter);
                let insight = &mut self.log.all[finding];
                insight.of = Some(of.into());
                insight.held_by = Some((by, world.step_of(by)));
                finding
            });
            overtaken.finding = Some(finding);
            self.log.count(finding, times, world.now);
        }
    }

    /// An actor has a lock, or does not want it any more.
    pub(crate) fn lock_left(&mut self, world: &World, actor: Actor, of: u16) {
        let overtaken = self.contention.overtaken.remove(&(of, actor));
        if let Some(finding) = overtaken.and_then(|overtaken| overtaken.finding) {
            self.log.close(finding, world.now);
        }
    }

    /// An actor has ended: it wants no lock.
    pub(crate) fn locks_left(&mut self, world: &World, actor: Actor) {
        let overtaken = self.contention.overtaken.keys();
        let locks: Vec<u16> = overtaken
            .filter(|&&(_, waiter)| waiter == actor)
            .map(|&(of, _)| of)
            .collect();
        for of in locks {
            self.lock_left(world, actor, of);
        }
    }
}
