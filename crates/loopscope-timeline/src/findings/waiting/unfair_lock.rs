//! An actor that had asked for a lock later got it earlier.

use std::collections::BTreeMap;

use crate::counts::seconds;
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::words::{lock, who};
use loopscope_trace::{Actor, EventKind, Nanos};

/// From this distance on, an actor has asked later than another one for sure.
const LATER: Nanos = Nanos::from_millis(10);

pub(crate) static KIND: Kind = Kind {
    id: "unfair-lock",
    word: "overtaken",
    row_word: "overtaken",
    symptoms: "unfair lock, starvation, mutex",
    runs_did: "had at least one finding of the kind unfair-lock",
    on_map: None,
    sentence: |names, finding, _| {
        let name = finding.actor.map(|actor| who(names, actor));
        let name = name.unwrap_or_else(|| "Somebody".to_owned());
        let of = lock(names, finding.of.unwrap_or(u32::MAX));
        let by = finding.held_by.map(|(actor, _)| who(names, actor));
        let by = by.unwrap_or_else(|| "somebody".to_owned());
        let times = match finding.count {
            0 | 1 => format!("by {by}, who had asked later"),
            count => format!("{count} times by who had asked later, first by {by}"),
        };
        let verb = if finding.open { "has waited" } else { "waited" };
        let (at, length) = (seconds(finding.at), seconds(finding.length));
        format!("{name} asked for {of} at {at} and was overtaken {times}: it {verb} {length}.")
    },
    short: |_, finding, row| {
        let (who, times, length) = (&row.who, finding.count, &row.length);
        format!("{who}, {times} times, {length}{}", finding.and_counting())
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// By lock and waiter.
    overtaken: BTreeMap<(u16, Actor), Overtaken>,
}

#[derive(Clone, Copy, Debug)]
struct Overtaken {
    times: u32,
    /// The first one that came before it.
    by: Actor,
    finding: Option<usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::LockTaken { actor, lock, .. } => self.taken(now, actor, lock, log),
            EventKind::LockReleased { actor, lock, .. } => self.left(now, (lock, actor), log),
            EventKind::TaskEnded { task, .. } => self.ended(now, Actor::Task(task), log),
            EventKind::JobEnded { job, .. } => self.ended(now, Actor::Job(job), log),
            _ => {}
        }
    }
}

impl Detector {
    /// An actor got a lock: others may have asked for it before.
    fn taken(&mut self, now: Now, actor: Actor, of: u16, log: &mut Log) {
        self.left(now, (of, actor), log);
        let world = now.world;
        let Some(lock) = world.shared.locks.get(usize::from(of)) else {
            return;
        };
        let before = lock.waiters.iter();
        let before = before.filter(|&&(_, since)| since + LATER <= lock.asked);
        for &(waiter, since) in before {
            let overtaken = self.overtaken.entry((of, waiter));
            let overtaken = overtaken.or_insert(Overtaken {
                times: 0,
                by: actor,
                finding: None,
            });
            overtaken.times = overtaken.times.saturating_add(1);
            if world.now.since(since) < LONG {
                continue;
            }
            let by = overtaken.by;
            let finding = *overtaken.finding.get_or_insert_with(|| {
                let finding = log.open(now, &KIND, since, waiter);
                let found = &mut log.all[finding];
                found.of = Some(of.into());
                found.held_by = Some((by, world.step_of(by)));
                finding
            });
            log.count(finding, overtaken.times, world.now);
        }
    }

    /// A waiter has the lock, or does not want it any more.
    fn left(&mut self, now: Now, waiter: (u16, Actor), log: &mut Log) {
        let overtaken = self.overtaken.remove(&waiter);
        if let Some(finding) = overtaken.and_then(|overtaken| overtaken.finding) {
            log.close(finding, now.world.now);
        }
    }

    /// An actor has ended: it wants no lock.
    fn ended(&mut self, now: Now, actor: Actor, log: &mut Log) {
        let waiters = self.overtaken.keys();
        let its: Vec<(u16, Actor)> = waiters.filter(|key| key.1 == actor).copied().collect();
        for waiter in its {
            self.left(now, waiter, log);
        }
    }
}
