//! Ticks of an interval that were missed came one right after the other.

use std::collections::BTreeMap;

use crate::counts::{capital, seconds};
use crate::findings::log::detector::{self, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::holder;
use crate::words::inside;
use loopscope_trace::{Actor, EventKind, Nanos, StepId, TaskId};

/// From this on a tick was missed, as tokio has it.
const LATE: Nanos = Nanos::from_millis(5);

pub(crate) static KIND: Kind = Kind {
    id: "interval-burst",
    word: "interval burst",
    row_word: "burst",
    symptoms: "interval ticks too fast, missed ticks, burst, tick fires several times at once, MissedTickBehavior, heartbeat sent many times",
    runs_did: "had missed ticks of an interval in a burst",
    on_map: None,
    sentence: |names, finding, language| {
        format!(
            "{} got {} ticks of an interval one right after the other{}: the first of them was {} late, and what was missed came in a burst.",
            holder(names, finding),
            capital(finding.count).to_lowercase(),
            inside(names, finding.step, language),
            seconds(finding.amount),
        )
    },
    short: |_, finding, row| {
        let late = &row.amount;
        format!(
            "{}, {} ticks, the first {late} late",
            row.who, finding.count
        )
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// By task and step, the last tick.
    ticks: BTreeMap<(TaskId, StepId), Tick>,
}

#[derive(Clone, Copy, Debug)]
struct Tick {
    at: Nanos,
    due: Nanos,
    /// The burst that it belongs to: its first tick, how many there are, its finding.
    first: (Nanos, Nanos),
    count: u32,
    finding: Option<usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::Ticked { task, due } => self.ticked(now, task, due, log),
            EventKind::TaskEnded { task, .. } => self.ticks.retain(|own, tick| {
                let ends = own.0 == task;
                if let Some(finding) = tick.finding.filter(|_| ends) {
                    log.close(finding, now.world.now);
                }
                !ends
            }),
            _ => {}
        }
    }
}

impl Detector {
    fn ticked(&mut self, now: Now, task: TaskId, due: Nanos, log: &mut Log) {
        let at = now.world.now;
        let Some(step) = now.world.step_of(Actor::Task(task)) else {
            return;
        };
        let mut tick = Tick {
            at,
            due,
            first: (at, due),
            count: 1,
            finding: None,
        };
        let is_late = at.since(due) > LATE;
        let before = self.ticks.get(&(task, step));
        // Both were missed, and they came much faster than they were due.
        let goes_on = before.filter(|before| {
            let (gap, period) = (at.since(before.at), due.since(before.due));
            is_late && before.at.since(before.due) > LATE && gap.0 < period.0 / 2
        });
        if let Some(before) = goes_on {
            tick.first = before.first;
            tick.count = before.count + 1;
            let finding = before.finding.unwrap_or_else(|| {
                let (first, due) = before.first;
                let finding = log.open(now, &KIND, first, Actor::Task(task));
                log.amount(finding, first.since(due), at);
                finding
            });
            log.count(finding, tick.count, at);
            tick.finding = Some(finding);
        } else if let Some(finding) = before.and_then(|before| before.finding) {
            log.close(finding, at);
        }
        self.ticks.insert((task, step), tick);
    }
}
