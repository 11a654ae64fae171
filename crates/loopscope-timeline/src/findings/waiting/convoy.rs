//! All permits of a semaphore were taken, and who wanted one queued for long.

use std::collections::BTreeMap;

use crate::counts::{counted, seconds};
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::world::shared::Lock;
use loopscope_trace::{Admits, EventKind, Nanos};

pub(crate) static KIND: Kind = Kind {
    id: "convoy",
    word: "convoy",
    row_word: "convoy",
    symptoms: "semaphore, limit concurrency, connection pool exhausted, waits for a permit, waves, queue",
    runs_did: "queued for a permit",
    on_map: None,
    sentence: |names, finding, _| {
        let of = finding.of.unwrap_or(u32::MAX) as usize;
        let lock = names.story().locks.get(of);
        let name = lock.map_or("a semaphore", |lock| &lock.name);
        let permits = lock.map_or(0, |lock| lock.admits.most());
        let taken = match permits {
            1 => format!("The only permit of {name} was"),
            permits => format!("All {permits} permits of {name} were"),
        };
        let waited = counted(finding.count as usize, "task or job", "tasks and jobs");
        let longest = match finding.amount {
            Nanos::ZERO => String::new(),
            amount => format!(", and the longest wait was {}", seconds(amount)),
        };
        format!(
            "{taken} taken for {}{}; up to {waited} queued for one{longest}.",
            seconds(finding.length),
            finding.so_far()
        )
    },
    short: |_, finding, row| {
        format!(
            "{} queued for a permit, {}{}",
            finding.count,
            row.length,
            finding.and_counting()
        )
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// By semaphore that is awaited.
    queues: BTreeMap<u16, Queue>,
}

#[derive(Clone, Debug)]
struct Queue {
    since: Nanos,
    finding: Option<usize>,
    /// The longest wait that is over.
    longest: Nanos,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::LockWanted { lock, .. } | EventKind::LockReleased { lock, .. } => {
                self.look(now, lock, log);
            }
            EventKind::LockTaken { lock, .. } => {
                if let (Some(queue), Some(known)) = (self.queues.get_mut(&lock), of(now, lock)) {
                    queue.longest = queue.longest.max(now.world.now.since(known.asked));
                }
                self.look(now, lock, log);
            }
            EventKind::TaskEnded { .. } | EventKind::JobEnded { .. } => {
                let known: Vec<u16> = self.queues.keys().copied().collect();
                for lock in known {
                    self.look(now, lock, log);
                }
            }
            EventKind::RunEnded { .. } => {
                for (&lock, queue) in &self.queues {
                    if let Some(finding) = queue.finding {
                        self.note(now, lock, (finding, queue.longest), log);
                    }
                }
            }
            _ => {}
        }
    }

    fn due(&mut self) -> Option<Nanos> {
        let open = self.queues.values().filter(|queue| queue.finding.is_none());
        open.map(|queue| queue.since + LONG).min()
    }

    fn fire(&mut self, now: Now, log: &mut Log) {
        let due = |queue: &Queue| queue.finding.is_none() && queue.since + LONG <= now.world.now;
        let Some((&of, _)) = self.queues.iter().find(|(_, queue)| due(queue)) else {
            return;
        };
        self.find(now, of, log);
    }
}

impl Detector {
    /// A semaphore may have begun, or ceased, to be awaited.
    fn look(&mut self, now: Now, lock: u16, log: &mut Log) {
        let Some(known) = of(now, lock).filter(|known| matches!(known.admits, Admits::Permits(_)))
        else {
            return;
        };
        // Who can have one at once is no queue.
        let queues = known.waiters.len() > known.admits.most().saturating_sub(known.owners.len());
        match self.queues.get_mut(&lock) {
            None if queues => {
                let queue = Queue {
                    since: now.world.now,
                    finding: None,
                    longest: Nanos::ZERO,
                };
                self.queues.insert(lock, queue);
            }
            Some(queue) if known.waiters.is_empty() => {
                if let Some(finding) = queue.finding {
                    log.amount(finding, queue.longest, now.world.now);
                    log.close(finding, now.world.now);
                }
                self.queues.remove(&lock);
            }
            Some(queue) => {
                let (finding, longest) = (queue.finding, queue.longest);
                if let Some(finding) = finding {
                    self.note(now, lock, (finding, longest), log);
                }
            }
            None => {}
        }
    }

    /// It has been awaited for long.
    fn find(&mut self, now: Now, lock: u16, log: &mut Log) {
        let (Some(queue), Some(known)) = (self.queues.get_mut(&lock), of(now, lock)) else {
            return;
        };
        let first = known.owner().or_else(|| known.waiters.front().copied());
        let Some((actor, _)) = first else {
            self.queues.remove(&lock);
            return;
        };
        let finding = log.open(now, &KIND, queue.since, actor);
        log.all[finding].of = Some(lock.into());
        queue.finding = Some(finding);
        let longest = queue.longest;
        self.note(now, lock, (finding, longest), log);
    }

    /// Who queues now, and how long the longest has.
    fn note(&self, now: Now, lock: u16, (finding, longest): (usize, Nanos), log: &mut Log) {
        let Some(known) = of(now, lock) else { return };
        let at = now.world.now;
        for lane in known
            .waiters
            .iter()
            .filter_map(|&(actor, _)| now.lanes.of(actor))
        {
            log.list(finding, lane, at);
        }
        let count = u32::try_from(known.waiters.len()).unwrap_or(u32::MAX);
        log.count(finding, count, at);
        let oldest = known.waiters.front().map(|&(_, since)| at.since(since));
        log.amount(finding, longest.max(oldest.unwrap_or_default()), at);
    }
}

fn of<'a>(now: Now<'a>, lock: u16) -> Option<&'a Lock> {
    now.world.shared.locks.get(usize::from(lock))
}
