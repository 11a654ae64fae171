//! A timer was begun anew again and again before it had run out.

use std::collections::BTreeMap;

use crate::counts::seconds;
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::holder;
use crate::words::place;
use loopscope_trace::{Actor, EventKind, Nanos, StepId, TaskId, WakeCause};

/// From so many begins on.
const BEGINS: u32 = 3;

pub(crate) static KIND: Kind = Kind {
    id: "restarted-timer",
    word: "restarted timer",
    row_word: "begun anew",
    symptoms: "timer never fires, select sleep in a loop, tick never comes, interval, timer restarts",
    runs_did: "began a timer anew before it could run out",
    on_map: None,
    sentence: |names, finding, language| {
        let at = place(names, finding.step, language);
        let at = at.map_or(String::new(), |place| format!(" ({place})"));
        let needs = seconds(finding.amount);
        format!(
            "{} began a timer of {needs}{at} anew {} times within {}{} before it could run out: something else came first each time, and {needs} have to pass undisturbed.",
            holder(names, finding),
            finding.count,
            seconds(finding.length),
            finding.so_far()
        )
    },
    short: |_, finding, row| {
        let (who, times, needs) = (&row.who, finding.count, &row.amount);
        format!(
            "{who}, {times} times, needs {needs}{}",
            finding.and_counting()
        )
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// By task and step, timers that have not run out.
    timers: BTreeMap<(TaskId, StepId), Timer>,
}

/// A timer that is begun again and again.
#[derive(Clone, Copy, Debug)]
struct Timer {
    since: Nanos,
    /// When it would have run out, had it been left alone from the first begin on.
    first: Nanos,
    /// When it will run out as it was begun last.
    last: Nanos,
    length: Nanos,
    begins: u32,
    finding: Option<usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::WaitingTimer { task, deadline } => self.begins(now, task, deadline, log),
            EventKind::Woken {
                task,
                by: WakeCause::Timer,
            } => {
                let at = now.world.now;
                // Which of a task's timers it was is not told: any that may have run out has.
                self.forget(now, log, |own, timer| own.0 == task && timer.first <= at);
            }
            // A limit that ends what sleeps is no other branch that was quicker.
            EventKind::TimedOut {
                actor: Actor::Task(task),
                ..
            }
            | EventKind::TaskEnded { task, .. } => {
                self.forget(now, log, |own, _| own.0 == task);
            }
            _ => {}
        }
    }
}

/// Whether a timer was begun for as long as before; on the wall's clock some moments pass until it is told.
fn is_same(one: Nanos, other: Nanos) -> bool {
    one.since(other).max(other.since(one)).0 <= one.0 / 20
}

impl Detector {
    fn begins(&mut self, now: Now, task: TaskId, deadline: Nanos, log: &mut Log) {
        let world = now.world;
        let known = world.task(task).filter(|task| task.role.is_story());
        let Some(step) = known.and_then(|task| task.step) else {
            return;
        };
        let length = deadline.since(world.now);
        let fresh = Timer {
            since: world.now,
            first: deadline,
            last: deadline,
            length,
            begins: 0,
            finding: None,
        };
        let timer = self.timers.entry((task, step)).or_insert(fresh);
        if timer.last <= world.now || !is_same(timer.length, length) {
            if let Some(finding) = timer.finding {
                log.close(finding, world.now);
            }
            *timer = fresh;
        }
        timer.last = deadline;
        timer.begins += 1;
        // Only then the first one has been given up for sure: it would have run out.
        let given_up = timer.begins >= BEGINS && timer.first < world.now && length >= LONG;
        if given_up && timer.finding.is_none() {
            let finding = log.open(now, &KIND, timer.since, Actor::Task(task));
            log.all[finding].step = Some(step);
            log.amount(finding, length, world.now);
            timer.finding = Some(finding);
        }
        if let Some(finding) = timer.finding {
            log.count(finding, timer.begins - 1, world.now);
        }
    }

    /// What was begun is over: it has run out, or its task goes on without it.
    fn forget(
        &mut self,
        now: Now,
        log: &mut Log,
        is_over: impl Fn(&(TaskId, StepId), &Timer) -> bool,
    ) {
        self.timers.retain(|own, timer| {
            let over = is_over(own, timer);
            if let Some(finding) = timer.finding.filter(|_| over) {
                log.close(finding, now.world.now);
            }
            !over
        });
    }
}
