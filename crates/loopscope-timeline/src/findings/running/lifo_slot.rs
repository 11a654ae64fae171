//! A task lay in the LIFO slot of a thread that was held, while others had nothing to do: tokio's threads do not take
//! from each other's slots.

use std::collections::BTreeMap;

use crate::counts::{counted, seconds};
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::holder;
use crate::words::{inside, thread_name, who};
use crate::world::state::State;
use loopscope_trace::{Actor, EventKind, Nanos, StepId, TaskId, ThreadId, WakeCause};

pub(crate) static KIND: Kind = Kind {
    id: "lifo-slot",
    word: "LIFO slot",
    row_word: "LIFO slot",
    symptoms: "lifo slot, work stealing, idle workers, not stolen, spawned task does not start",
    runs_did: "had a task in the LIFO slot of a thread that was held",
    on_map: None,
    sentence: |names, finding, language| {
        let thread = finding.of.map(|of| thread_name(names, ThreadId(of)));
        let thread = thread.unwrap_or_else(|| "a loop's thread".to_owned());
        let idle = counted(
            finding.count as usize,
            "other loop thread",
            "other loop threads",
        );
        let (by, step) = finding.held_by.unzip();
        let by = by.map_or_else(|| "somebody".to_owned(), |actor| who(names, actor));
        let place = inside(names, step.flatten(), language);
        format!(
            "{} lay in the LIFO slot of {thread} for {}{}, while {idle} had nothing to do: {by} had put it there and went on to hold {thread}{place}, and no other thread takes from that slot.",
            holder(names, finding),
            seconds(finding.length),
            finding.so_far(),
        )
    },
    short: |_, finding, row| {
        let idle = finding.count;
        format!("{}, for {}; {idle} threads idle", row.who, row.length)
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// What lies in the slot of a thread, by all that is told.
    slots: BTreeMap<ThreadId, Slot>,
    /// Who put the last value into a channel, or let go of a lock last.
    sent: BTreeMap<u32, Actor>,
    released: BTreeMap<u32, Actor>,
}

#[derive(Clone, Debug)]
struct Slot {
    task: TaskId,
    since: Nanos,
    by: TaskId,
    /// The block of that turn that goes on, and the step and length of the longest one.
    block: Option<(StepId, Nanos)>,
    longest: Option<(StepId, Nanos)>,
    /// When its turn ended.
    free: Option<Nanos>,
    /// The threads that have had something to do since.
    busy: Vec<ThreadId>,
}

impl Slot {
    fn block_ends(&mut self, now: Nanos) {
        let Some((step, since)) = self.block.take() else {
            return;
        };
        let length = now.since(since);
        if self.longest.is_none_or(|(_, longest)| longest < length) {
            self.longest = Some((step, length));
        }
    }
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::ChannelSent { actor, channel, .. } => {
                self.sent.insert(channel.into(), actor);
            }
            EventKind::LockReleased { actor, lock, .. } => {
                self.released.insert(lock.into(), actor);
            }
            EventKind::TaskSpawned { task, parent, .. } => {
                self.woken(now, task, Some(Actor::Task(parent)));
            }
            EventKind::Woken { task, by } => {
                let by = match by {
                    WakeCause::Task(other) => Some(Actor::Task(other)),
                    WakeCause::Channel(of) => self.sent.get(&of.0).copied(),
                    WakeCause::Lock(of) => self.released.get(&of.0).copied(),
                    _ => None,
                };
                self.woken(now, task, by);
            }
            EventKind::BlockStarted { actor, thread, .. } => {
                let step = now.world.step_of(actor);
                if let Some(slot) = self.slots.get_mut(&thread) {
                    slot.block = step.map(|step| (step, now.world.now));
                }
            }
            EventKind::BlockEnded { thread, .. } => {
                if let Some(slot) = self.slots.get_mut(&thread) {
                    slot.block_ends(now.world.now);
                }
            }
            EventKind::PollEnded { thread, .. } => {
                if let Some(slot) = self.slots.get_mut(&thread) {
                    slot.free = Some(now.world.now);
                }
            }
            EventKind::PollStarted { task, thread } => self.begins(now, task, thread, log),
            // Its loop goes on elsewhere, and takes the slot along.
            EventKind::RoleChanged { thread, .. } => {
                self.slots.remove(&thread);
            }
            EventKind::TaskEnded { task, .. } => self.slots.retain(|_, slot| slot.task != task),
            _ => {}
        }
    }
}

impl Detector {
    /// A task can go on: one that a task has woken in its own turn lies in the slot of that turn's thread.
    fn woken(&mut self, now: Now, task: TaskId, by: Option<Actor>) {
        let world = now.world;
        let Some(Actor::Task(by)) = by.filter(|by| *by != Actor::Task(task)) else {
            return;
        };
        let at_home = world.has_own_loops() || world.loops().nth(1).is_none();
        let Some(thread) = world.thread_of(Actor::Task(by)).filter(|_| !at_home) else {
            return;
        };
        // One that could go on before lies elsewhere.
        let known = world.task(task);
        if known.is_none_or(|task| task.state != State::Ready || task.since != world.now) {
            return;
        }
        let busy = world.loops().filter(|other| other.doing.is_some());
        // What lay there before goes to the thread's queue, and can be taken.
        self.slots.insert(
            thread,
            Slot {
                task,
                since: world.now,
                by,
                block: None,
                longest: None,
                free: None,
                busy: busy.map(|other| other.id).collect(),
            },
        );
    }

    /// A thread begins a turn: its own slot comes first.
    fn begins(&mut self, now: Now, task: TaskId, thread: ThreadId, log: &mut Log) {
        let slot = self.slots.remove(&thread);
        for other in self.slots.values_mut() {
            other.busy.push(thread);
        }
        // Another thread has taken it: it lay in no slot.
        self.slots.retain(|_, slot| slot.task != task);
        let Some(slot) = slot.filter(|slot| slot.task == task) else {
            return;
        };
        let held = slot.free.is_some_and(|free| free.since(slot.since) >= LONG);
        let others = now.world.loops().filter(|other| other.id != thread);
        let idle = others
            .filter(|other| !slot.busy.contains(&other.id))
            .count();
        if !held || idle == 0 {
            return;
        }
        let finding = log.open(now, &KIND, slot.since, Actor::Task(task));
        let found = &mut log.all[finding];
        found.of = Some(thread.0);
        found.held_by = Some((Actor::Task(slot.by), slot.longest.map(|(step, _)| step)));
        let idle = u32::try_from(idle).unwrap_or(u32::MAX);
        log.count(finding, idle, now.world.now);
        log.close(finding, now.world.now);
    }
}
