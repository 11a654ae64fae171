//! An event was notified when none waited and kept nothing; a task came to wait for it afterwards.

use std::collections::BTreeMap;

use crate::counts::seconds;
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::holder;
use crate::words::{event, who};
use loopscope_trace::{Actor, EventKind, Nanos, Notice, StepId, TaskId, WaitOn};

pub(crate) static KIND: Kind = Kind {
    id: "lost-wake-up",
    word: "lost wake-up",
    row_word: "lost wake-up",
    symptoms: "notify before wait, notify_waiters wakes nobody, Condition.notify lost, missed notification, waits for ever after notify",
    runs_did: "had a task wait for a wake-up that was over",
    on_map: None,
    sentence: |names, finding, _| {
        let of = event(names, finding.of.unwrap_or(u32::MAX));
        let lost = seconds(finding.at.since(finding.amount));
        let by = finding.held_by.map(|(actor, _)| who(names, actor));
        let by = by.unwrap_or_else(|| "a task".to_owned());
        let (length, so_far) = (seconds(finding.length), finding.so_far());
        format!(
            "{} waited {length}{so_far} for {of}: {by} woke none at {lost}, {} before, and nothing was kept.",
            holder(names, finding),
            seconds(finding.amount),
        )
    },
    short: |names, finding, row| {
        let of = event(names, finding.of.unwrap_or(u32::MAX));
        format!("{}, {} for {of}", row.who, row.length)
    },
};

/// A wake-up that woke none.
#[derive(Clone, Copy, Debug)]
struct Lost {
    at: Nanos,
    by: (Actor, Option<StepId>),
}

/// A task that waits for an event after such a one.
#[derive(Clone, Copy, Debug)]
struct Wait {
    event: u16,
    since: Nanos,
    lost: Lost,
    finding: Option<usize>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// The last one of each event, until one that waits is woken.
    lost: BTreeMap<u16, Lost>,
    /// Events that are set, and by which none has passed since.
    unseen: BTreeMap<u16, bool>,
    /// When an actor last looked at what others may have left for it.
    looked: BTreeMap<Actor, Nanos>,
    waits: BTreeMap<TaskId, Wait>,
}

impl Detector {
    fn notified(&mut self, now: Now, (by, event): (Actor, u16), how: Notice, none: bool) {
        let is_lost = match how {
            Notice::Set => {
                self.unseen.insert(event, none);
                false
            }
            Notice::Cleared => self.unseen.remove(&event).unwrap_or_default(),
            Notice::One | Notice::All => none,
        };
        if is_lost {
            let (at, by) = (now.world.now, (by, now.world.step_of(by)));
            self.lost.insert(event, Lost { at, by });
        } else if how != Notice::Cleared {
            self.lost.remove(&event);
        }
    }

    fn leaves(&mut self, task: TaskId, at: Nanos, log: &mut Log) {
        let wait = self.waits.remove(&task);
        if let Some(finding) = wait.and_then(|wait| wait.finding) {
            log.close(finding, at);
        }
    }
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        let at = now.world.now;
        match event {
            EventKind::Notified {
                actor,
                event,
                how,
                woken,
                kept,
            } => {
                let none = woken == 0 && (!kept || how == Notice::Set);
                self.notified(now, (actor, event), how, none);
            }
            EventKind::EventPassed { actor, event } => {
                self.unseen.insert(event, false);
                if let Actor::Task(task) = actor {
                    self.leaves(task, at, log);
                }
            }
            EventKind::VariableRead { actor, .. } | EventKind::ChannelReceived { actor, .. }
                if !self.lost.is_empty() =>
            {
                self.looked.insert(actor, at);
            }
            EventKind::Waiting {
                task,
                on: WaitOn::NamedEvent(of),
            } => {
                let event = u16::try_from(of.0).unwrap_or(u16::MAX);
                let looked = self.looked.get(&Actor::Task(task));
                let lost = self.lost.get(&event).copied();
                // Who has looked since then knows what the wake-up was for.
                if let Some(lost) = lost.filter(|lost| looked.is_none_or(|&at| at < lost.at)) {
                    let (since, finding) = (at, None);
                    self.waits.insert(
                        task,
                        Wait {
                            event,
                            since,
                            lost,
                            finding,
                        },
                    );
                }
            }
            EventKind::TimedOut {
                actor: Actor::Task(task),
                ..
            }
            | EventKind::TaskEnded { task, .. } => self.leaves(task, at, log),
            _ => {}
        }
    }

    fn due(&mut self) -> Option<Nanos> {
        let waits = self.waits.values();
        let waits = waits.filter(|wait| wait.finding.is_none());
        waits.map(|wait| wait.since + LONG).min()
    }

    fn fire(&mut self, now: Now, log: &mut Log) {
        for (&task, wait) in &mut self.waits {
            if wait.finding.is_some() || (wait.since + LONG) > now.world.now {
                continue;
            }
            let finding = log.open(now, &KIND, wait.since, Actor::Task(task));
            log.all[finding].of = Some(wait.event.into());
            log.all[finding].held_by = Some(wait.lost.by);
            log.all[finding].amount = wait.since.since(wait.lost.at);
            wait.finding = Some(finding);
        }
    }
}
