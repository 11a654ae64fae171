//! What tasks wait for.

use loopscope_trace::{Awaited, EventKind, Nanos, TaskId, WaitOn};

use crate::translate::state::Task;
use crate::translate::translator::{At, Translator};

/// The sorts of what is waited for, as the ring has them.
const TIMER: u64 = 1;
const TASK: u64 = 2;
const GATHER: u64 = 3;
const JOB: u64 = 10;

/// Things with a name and a state.
const NAMED: &[(u64, Awaited)] = &[
    (4, Awaited::Lock),
    (5, Awaited::QueueGet),
    (6, Awaited::QueuePut),
    (7, Awaited::Semaphore),
    (8, Awaited::Event),
    (9, Awaited::Condition),
    (11, Awaited::Socket),
    (12, Awaited::Client),
];

impl Translator {
    /// What a task said that it waits for: sort, value and text.
    pub(super) fn waits_on(&mut self, at: At, task: u64, on: (u64, u64, u64)) {
        if let Some(task) = self.processes[at.process].tasks.get_mut(&task) {
            task.on = Some(on);
        }
    }

    /// The same, as it was said last.
    pub(super) fn on(&self, at: At, task: u64) -> Option<(u64, u64, u64)> {
        self.processes[at.process].tasks.get(&task)?.on
    }

    /// A task stops to wait for what it said; `text` names that: `jobs|12/100`.
    pub(super) fn waits(&mut self, at: At, task: u64, text: &str) {
        let process = &self.processes[at.process];
        let Some(&Task { id, on, .. }) = process.tasks.get(&task) else {
            return;
        };
        let Some((sort, value, _)) = on else {
            return self.waits_unknown(at, task);
        };
        let on = match sort {
            TIMER => {
                let deadline = self.out.moment(value.max(at.moment));
                return self.waits_timer(at, id, deadline);
            }
            TASK => process.tasks.get(&value).map(|task| WaitOn::Task(task.id)),
            GATHER => u32::try_from(value).ok().map(WaitOn::Tasks),
            JOB => process.jobs.get(&value).map(|job| WaitOn::Job(job.id)),
            _ => {
                let what = NAMED.iter().find(|(known, _)| *known == sort);
                what.map(|(_, what)| WaitOn::Named {
                    what: *what,
                    name: self.out.text(&named(text)),
                })
            }
        };
        let on = on.unwrap_or(WaitOn::Futures(1));
        self.out
            .event(at.moment, EventKind::Waiting { task: id, on });
    }

    fn waits_timer(&mut self, at: At, task: TaskId, deadline: Nanos) {
        self.out
            .event(at.moment, EventKind::WaitingTimer { task, deadline });
    }

    /// A task stops to wait for a future that is no one's known.
    pub(super) fn waits_unknown(&mut self, at: At, task: u64) {
        let Some(task) = self.processes[at.process].tasks.get(&task) else {
            return;
        };
        let kind = EventKind::Waiting {
            task: task.id,
            on: WaitOn::Futures(1),
        };
        self.out.event(at.moment, kind);
    }
}

/// `jobs|12/100` as people say it: `jobs, 12 of 100`.
fn named(text: &str) -> String {
    let (name, state) = text.rsplit_once('|').unwrap_or((text, ""));
    if state.is_empty() {
        return name.to_owned();
    }
    let figures = state.split_once('/').filter(|(now, most)| {
        let figures =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        figures(now) && figures(most)
    });
    match figures {
        Some((now, most)) => format!("{name}, {now} of {most}"),
        None => format!("{name}, {state}"),
    }
}
