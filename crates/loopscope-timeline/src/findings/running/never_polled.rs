//! A task ended without a single turn.

use crate::findings::log::detector::{self, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::holder;
use crate::world::state::State;
use loopscope_trace::{Actor, EventKind, Outcome, TaskId};

pub(crate) static KIND: Kind = Kind {
    id: "never-polled",
    word: "never polled",
    row_word: "never polled",
    symptoms: "never polled, never awaited, forgotten await",
    runs_did: "had at least one finding of the kind never-polled",
    on_map: None,
    sentence: |names, finding, _| match finding.count {
        0 | 1 => format!(
            "{} ended without a single turn: nothing of it ever ran.",
            holder(names, finding)
        ),
        count => format!("{count} tasks ended without a single turn: nothing of them ever ran."),
    },
    short: |_, _, row| format!("{} ended without a turn", row.who),
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    finding: Option<usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::TaskEnded { task, outcome } => {
                let polls = now.world.task(task).map_or(1, |task| task.polls);
                // A coroutine may have been run in place by its awaiter.
                if polls == 0 && outcome != Outcome::Completed || outcome == Outcome::NeverPolled {
                    self.found(now, task, log);
                }
            }
            EventKind::RunEnded { .. } => {
                let never = |state| matches!(state, State::Ready | State::Created);
                for task in &now.world.tasks {
                    if task.polls == 0 && task.ended.is_none() && never(task.state) {
                        self.found(now, task.id, log);
                    }
                }
            }
            _ => {}
        }
    }
}

impl Detector {
    fn found(&mut self, now: Now, id: TaskId, log: &mut Log) {
        let task = now.world.task(id);
        let Some(task) = task.filter(|task| task.role.is_story()) else {
            return;
        };
        let finding = *self.finding.get_or_insert_with(|| {
            let finding = log.open(now, &KIND, task.spawned, Actor::Task(id));
            log.close(finding, now.world.now);
            finding
        });
        if let Some(lane) = now.lanes.of(Actor::Task(id)) {
            log.join(finding, lane, now.world.now);
        }
    }
}
