//! Futures stood still because the task that keeps them awaited something else.

use std::collections::{BTreeMap, BTreeSet};

use crate::counts::{capital, seconds};
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::holder;
use crate::words::inside;
use loopscope_trace::{Actor, EventKind, Nanos, TaskId, WakeCause};

pub(crate) static KIND: Kind = Kind {
    id: "stalled-future",
    word: "stalled future",
    row_word: "stalled",
    symptoms: "buffered stream stalls, FuturesUnordered timeout, buffer_unordered slow, future not polled, request times out while body runs, select &mut future",
    runs_did: "let futures stand still that could have gone on",
    on_map: None,
    sentence: |names, finding, language| {
        let keeper = holder(names, finding);
        let (futures, are) = match finding.count {
            0 | 1 => ("One future".to_owned(), "was"),
            count => (format!("{} futures", capital(count)), "were"),
        };
        format!(
            "{futures} of {keeper} {are} not polled while {keeper} waited{}: what one of them waited for had come, and it stood still for {}{}.",
            inside(names, finding.step, language),
            seconds(finding.length),
            finding.so_far()
        )
    },
    short: |_, finding, row| {
        format!(
            "{} of {}, {}{}",
            finding.count,
            row.who,
            row.length,
            finding.and_counting()
        )
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// Tasks that keep futures and do not poll them.
    keepers: BTreeMap<TaskId, Keeper>,
    due: BTreeSet<(Nanos, TaskId)>,
}

#[derive(Clone, Debug, Default)]
struct Keeper {
    /// The futures.
    left: BTreeSet<TaskId>,
    /// When it was woken, since its last turn.
    woken: Option<Nanos>,
    /// Whether it has done anything in this turn.
    acts: bool,
    /// Since when one of the futures could go on.
    since: Option<Nanos>,
    finding: Option<usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        if let EventKind::FutureLeft {
            actor: Actor::Task(task),
            future,
        } = event
        {
            let keeper = self.keepers.entry(task).or_default();
            keeper.left.insert(future);
            keeper.acts = true;
            return;
        }
        if self.keepers.is_empty() {
            return;
        }
        match event {
            EventKind::FuturePolled {
                actor: Actor::Task(task),
                future,
            } => self.polled(now, task, future, log),
            EventKind::Woken { task, by } => {
                // Who gets a lock is another finding.
                let counts = !matches!(by, WakeCause::Lock(_) | WakeCause::Itself);
                if let Some(keeper) = self.keepers.get_mut(&task).filter(|_| counts) {
                    keeper.woken.get_or_insert(now.world.now);
                }
            }
            EventKind::PollStarted { task, .. } => {
                if let Some(keeper) = self.keepers.get_mut(&task) {
                    keeper.acts = false;
                }
            }
            EventKind::StepEntered {
                actor: Actor::Task(task),
                ..
            }
            | EventKind::LocalSet {
                actor: Actor::Task(task),
                ..
            } => {
                if let Some(keeper) = self.keepers.get_mut(&task) {
                    keeper.acts = true;
                }
            }
            EventKind::PollEnded { task, .. } => self.turn_over(task),
            EventKind::TaskEnded { task, .. } => self.ended(now, task, log),
            _ => {}
        }
    }

    fn due(&mut self) -> Option<Nanos> {
        self.due.first().map(|&(at, _)| at)
    }

    fn fire(&mut self, now: Now, log: &mut Log) {
        let Some((at, task)) = self.due.pop_first() else {
            return;
        };
        let Some(keeper) = self.keepers.get_mut(&task) else {
            return;
        };
        let since = keeper.since.filter(|since| since.0 + LONG.0 == at.0);
        if let (Some(since), None) = (since, keeper.finding) {
            let finding = log.open(now, &KIND, since, Actor::Task(task));
            let count = u32::try_from(keeper.left.len()).unwrap_or(u32::MAX);
            log.count(finding, count, now.world.now);
            for &future in &keeper.left {
                if let Some(lane) = now.lanes.of(Actor::Task(future)) {
                    log.list(finding, lane, now.world.now);
                }
            }
            keeper.finding = Some(finding);
        }
    }
}

impl Detector {
    /// A turn in which the task did nothing was for one of the futures.
    fn turn_over(&mut self, task: TaskId) {
        let Some(keeper) = self.keepers.get_mut(&task) else {
            return;
        };
        let woken = keeper.woken.take();
        if let (Some(woken), false, None) = (woken, keeper.acts, keeper.since) {
            keeper.since = Some(woken);
            self.due.insert((Nanos(woken.0 + LONG.0), task));
        }
    }

    fn polled(&mut self, now: Now, task: TaskId, future: TaskId, log: &mut Log) {
        let Some(keeper) = self.keepers.get_mut(&task) else {
            return;
        };
        keeper.acts = true;
        // Which of them could go on is not told: the first that is polled again ends it for all.
        if keeper.left.remove(&future) {
            keeper.since = None;
            if let Some(finding) = keeper.finding.take() {
                log.close(finding, now.world.now);
            }
        }
        if keeper.left.is_empty() {
            self.keepers.remove(&task);
        }
    }

    /// A future that has ended stands still no more; a task that has ended keeps none.
    fn ended(&mut self, now: Now, task: TaskId, log: &mut Log) {
        let keepers: Vec<TaskId> = self.keepers.keys().copied().collect();
        for own in keepers {
            let Some(keeper) = self.keepers.get_mut(&own) else {
                continue;
            };
            keeper.left.remove(&task);
            if own == task || keeper.left.is_empty() {
                if let Some(finding) = keeper.finding.take() {
                    log.close(finding, now.world.now);
                }
                self.keepers.remove(&own);
            }
        }
    }
}
