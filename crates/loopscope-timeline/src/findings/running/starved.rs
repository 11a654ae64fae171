//! A task was ready or overdue for 100 ms or longer.

use std::collections::{BTreeSet, VecDeque};

use crate::counts::{counted, seconds};
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::{held, holder};
use crate::words::{inside, who};
use crate::world::entries::Task;
use crate::world::state::State;
use loopscope_trace::{Actor, EventKind, Nanos, TaskId, TaskRole, ThreadId};

pub(crate) static KIND: Kind = Kind {
    id: "starved",
    word: "starved",
    row_word: "starved",
    symptoms: "starved, starvation, latency, slow, health check fails",
    runs_did: "starved somebody",
    on_map: None,
    sentence: |names, finding, language| {
        let by = finding.held_by.map_or_else(String::new, |(actor, step)| {
            let place = match inside(names, step, language) {
                place if place.is_empty() => place,
                place => format!(",{place}"),
            };
            let (name, held) = (who(names, actor), held(names, Some(actor)));
            format!(": {name} held {held}{place}")
        });
        let others = match finding.count {
            0 | 1 => String::new(),
            count => format!(
                ", and so could {}",
                counted(count as usize - 1, "other task", "other tasks")
            ),
        };
        format!(
            "{} could run and had no turn for {}{}{others}{by}.",
            holder(names, finding),
            seconds(finding.length),
            finding.so_far()
        )
    },
    short: |_, finding, row| match &row.lane {
        Some(lane) => format!("{lane}, ready for {}", row.length),
        None => format!("{} tasks, for {}", finding.count, row.length),
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// By task: since when it could run and did not.
    waiting: Vec<Option<Nanos>>,
    /// The same in order of time; entries of those that have run since are stale.
    queue: VecDeque<(Nanos, TaskId)>,
    /// By the loop that they need.
    groups: Vec<Group>,
}

/// All that starve at the same time, for want of the same loop, are one finding.
#[derive(Clone, Debug, Default)]
struct Group {
    home: Option<ThreadId>,
    finding: Option<usize>,
    first: TaskId,
    tasks: BTreeSet<TaskId>,
}

impl detector::Detector for Detector {
    fn event(&mut self, _: Now, _: EventKind, _: &mut Log) {}

    fn task_moved(&mut self, now: Now, task: &Task, from: State, log: &mut Log) {
        let place = task.id.index();
        if self.waiting.len() <= place {
            // Ids are dense, so this adds one entry at most.
            self.waiting.resize(place + 1, None);
        }
        match (from.could_run(), task.state.could_run()) {
            (false, true) => {
                self.waiting[place] = Some(now.world.now);
                // What a framework does for itself is no loss.
                if !matches!(
                    task.role,
                    TaskRole::Heartbeat | TaskRole::Framework | TaskRole::Callback
                ) {
                    self.queue.push_back((now.world.now, task.id));
                }
            }
            (true, false) => {
                self.waiting[place] = None;
                self.has_run(task.id, now.world.now, log);
            }
            _ => {}
        }
    }

    fn due(&mut self) -> Option<Nanos> {
        while let Some(&(since, task)) = self.queue.front() {
            if self.waiting.get(task.index()).copied().flatten() == Some(since) {
                return Some(since + LONG);
            }
            self.queue.pop_front();
        }
        None
    }

    /// A task could run for a long time, and did not.
    fn fire(&mut self, now: Now, log: &mut Log) {
        let Some((since, id)) = self.queue.pop_front() else {
            return;
        };
        let world = now.world;
        // Without an actor on a loop it was the machine that was slow, not the program.
        let Some((_, by)) = world.holder_of(id) else {
            return;
        };
        let home = world.task(id).and_then(|task| task.home);
        let place = self.groups.iter().position(|group| group.home == home);
        let place = place.unwrap_or_else(|| {
            self.groups.push(Group {
                home,
                ..Group::default()
            });
            self.groups.len() - 1
        });
        let group = &mut self.groups[place];
        let finding = group.finding.unwrap_or_else(|| {
            let finding = log.open(now, &KIND, since, Actor::Task(id));
            log.all[finding].held_by = Some((by.actor, world.step_of(by.actor)));
            group.first = id;
            finding
        });
        group.finding = Some(finding);
        group.tasks.insert(id);
        if let Some(lane) = now.lanes.of(Actor::Task(id)) {
            log.join(finding, lane, world.now);
        }
    }
}

impl Detector {
    /// A task that may have starved got its turn.
    fn has_run(&mut self, id: TaskId, now: Nanos, log: &mut Log) {
        let mut groups = self.groups.iter_mut();
        let Some(group) = groups.find_map(|group| group.tasks.remove(&id).then_some(group)) else {
            return;
        };
        if let Some(finding) = group.finding {
            if group.first == id {
                log.close(finding, now);
            }
            if group.tasks.is_empty() {
                group.finding = None;
            }
        }
    }
}
