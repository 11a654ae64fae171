//! A turn held a loop for 100 ms of scenario time or longer, by one block or by many parts without an await.

use std::collections::BTreeSet;

use crate::counts::{list, seconds};
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::{Finding, Kind};
use crate::tracks::track::LaneId;
use crate::words::{Naming, inside, label, own_loop, who};
use crate::world::entries::Task;
use crate::world::state::State;
use loopscope_trace::{Actor, EventKind, Nanos, ThreadId, ThreadRole};

pub(crate) static KIND: Kind = Kind {
    id: "blocked-loop",
    word: "blocked loop",
    row_word: "blocked loop",
    symptoms: "blocked loop, blocking, serial, serialized, one after the other, hangs, freezes, timeout",
    runs_did: "had a blocked loop",
    on_map: Some(State::Blocking),
    sentence: |names, finding, language| {
        let meanwhile = match finding.count {
            // A task that wanted one of several loops may have got another.
            0 if names.has_several_loops() => String::new(),
            0 => "; nobody else wanted it".to_owned(),
            _ => format!("; meanwhile {} could not run", victims(names, finding)),
        };
        format!(
            "{} held {} for {}{}{}{meanwhile}.",
            holder(names, finding),
            held(names, finding.actor),
            seconds(finding.length),
            finding.so_far(),
            inside(names, finding.step, language)
        )
    },
    short: |_, finding, row| format!("{}, {}{}", row.who, row.length, finding.and_counting()),
};

/// The task never stopped at an await, and no block of it was a long one.
pub(crate) static NEVER_YIELDS: Kind = Kind {
    id: "never-yields",
    word: "never yields",
    row_word: "never yields",
    symptoms: "never yields, busy loop, cpu-bound",
    runs_did: "had at least one finding of the kind never-yields",
    on_map: Some(State::Blocking),
    sentence: |names, finding, _| {
        format!(
            "{} went on for {}{} without stopping at an await; meanwhile {} could not run.",
            holder(names, finding),
            seconds(finding.length),
            finding.so_far(),
            victims(names, finding)
        )
    },
    short: |_, finding, row| format!("{}, {}{}", row.who, row.length, finding.and_counting()),
};

/// What the actor of a finding is called.
pub(crate) fn holder(names: Naming, finding: &Finding) -> String {
    let actor = finding.actor.map(|actor| who(names, actor));
    actor.unwrap_or_else(|| "somebody".to_owned())
}

/// `the loop`, `loop-2`, or `one of 3 loop threads` where they share their tasks.
pub(crate) fn held(names: Naming, actor: Option<Actor>) -> String {
    let own = actor.and_then(|actor| own_loop(names, actor));
    own.unwrap_or_else(|| {
        if names.has_several_loops() {
            format!("one of {} loop threads", names.world().loops().count())
        } else {
            "the loop".to_owned()
        }
    })
}

/// `accept, heartbeat and B`.
pub(crate) fn victims(names: Naming, finding: &Finding) -> String {
    let lanes = finding.victims.iter();
    let mut words: Vec<&str> = lanes.map(|&lane| label(names, lane)).collect();
    // Requests first: they are what a reader knows.
    let is_letter = |name: &&str| name.chars().all(|letter| letter.is_ascii_uppercase());
    words.sort_by_key(|name| !is_letter(name));
    list(&words, finding.count as usize)
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// By thread.
    turns: Vec<Turn>,
    /// When a block that goes on will have been a long one.
    due: BTreeSet<(Nanos, ThreadId)>,
    /// Threads whose turn is a finding that goes on.
    holding: Vec<ThreadId>,
}

/// What goes on in a turn on a loop's thread.
#[derive(Clone, Copy, Debug, Default)]
struct Turn {
    since: Nanos,
    /// Blocks that have ended in this turn, none of them long.
    parts: u32,
    has_long_part: bool,
    /// Since when the block lasts that goes on.
    block: Option<Nanos>,
    blocked: Option<usize>,
    never_yields: Option<usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::PollStarted { thread, .. } => {
                self.ends(now, thread, log);
                if let Some(turn) = self.turn(now, thread) {
                    turn.since = now.world.now;
                }
            }
            EventKind::PollEnded { thread, .. }
            | EventKind::ThreadEnded { thread }
            | EventKind::Dropped { thread, .. } => self.ends(now, thread, log),
            EventKind::BlockStarted {
                actor: Actor::Task(_),
                thread,
                ..
            } => self.block_begins(now, thread),
            EventKind::BlockEnded {
                actor: Actor::Task(_),
                thread,
            } => self.block_ends(now, thread, log),
            EventKind::RequestSent { request, .. } => {
                self.join(now, now.lanes.of_request(request), None, log);
            }
            _ => {}
        }
    }

    fn task_moved(&mut self, now: Now, task: &Task, from: State, log: &mut Log) {
        if !from.could_run() && task.state.could_run() {
            self.join(now, now.lanes.of(Actor::Task(task.id)), Some(task), log);
        }
    }

    fn due(&mut self) -> Option<Nanos> {
        self.due.first().map(|&(at, _)| at)
    }

    /// A block has lasted long enough to be a finding.
    fn fire(&mut self, now: Now, log: &mut Log) {
        let Some((_, thread)) = self.due.pop_first() else {
            return;
        };
        let turn = self.turns.get(thread.index());
        let since = turn.and_then(|turn| turn.block).unwrap_or(now.world.now);
        self.found(now, thread, &KIND, since, log);
    }
}

impl Detector {
    fn turn(&mut self, now: Now, id: ThreadId) -> Option<&mut Turn> {
        let thread = now.world.thread(id)?;
        if thread.role != ThreadRole::Loop {
            return None;
        }
        if self.turns.len() <= id.index() {
            // The world knows the thread, so this is bounded by its threads.
            self.turns.resize(id.index() + 1, Turn::default());
        }
        self.turns.get_mut(id.index())
    }

    fn ends(&mut self, now: Now, thread: ThreadId, log: &mut Log) {
        let Some(turn) = self.turn(now, thread) else {
            return;
        };
        let ended = std::mem::take(turn);
        if let Some(since) = ended.block {
            self.due.remove(&(since + LONG, thread));
        }
        for finding in ended.blocked.into_iter().chain(ended.never_yields) {
            log.close(finding, now.world.now);
        }
        self.holding.retain(|&other| other != thread);
    }

    fn block_begins(&mut self, now: Now, thread: ThreadId) {
        let at = now.world.now;
        let Some(turn) = self.turn(now, thread) else {
            return;
        };
        if let Some(since) = turn.block.replace(at) {
            self.due.remove(&(since + LONG, thread));
        }
        self.due.insert((at + LONG, thread));
    }

    fn block_ends(&mut self, now: Now, thread: ThreadId, log: &mut Log) {
        let Some(turn) = self.turn(now, thread) else {
            return;
        };
        let Some(since) = turn.block.take() else {
            return;
        };
        turn.parts += 1;
        let blocked = turn.blocked.take();
        turn.has_long_part |= blocked.is_some();
        let turn = *turn;
        self.due.remove(&(since + LONG, thread));
        let world = now.world;
        if let Some(finding) = blocked {
            log.close(finding, world.now);
            self.holding.retain(|&other| other != thread);
        }
        let is_long = world.now.since(turn.since) >= LONG;
        let others = world.ready.len() + world.overdue.len() + world.backlog.len();
        let many = turn.parts > 1 && !turn.has_long_part;
        if is_long && many && others > 0 && turn.never_yields.is_none() {
            self.found(now, thread, &NEVER_YIELDS, turn.since, log);
        }
    }

    /// The actor that has the thread keeps others from it.
    fn found(
        &mut self,
        now: Now,
        thread: ThreadId,
        kind: &'static Kind,
        since: Nanos,
        log: &mut Log,
    ) {
        let Now { world, lanes } = now;
        let Some(doing) = world.thread(thread).and_then(|thread| thread.doing) else {
            return;
        };
        let finding = log.open(now, kind, since, doing.actor);
        if !self.holding.contains(&thread) {
            self.holding.push(thread);
        }
        if let Some(turn) = self.turns.get_mut(thread.index()) {
            if *kind == NEVER_YIELDS {
                turn.never_yields = Some(finding);
            } else {
                turn.blocked = Some(finding);
            }
        }
        let own = lanes.of(doing.actor);
        for &task in world.ready.iter().chain(&world.overdue) {
            let lane = lanes
                .of(Actor::Task(task))
                .filter(|&lane| Some(lane) != own);
            self.join(now, lane, world.task(task), log);
        }
        for &request in &world.backlog {
            self.join(now, lanes.of_request(request), None, log);
        }
    }

    /// A task, or a request in the backlog, wants a loop that is held. As long as one of several
    /// is free it takes any that is ready, and only those that starve are victims.
    fn join(&mut self, now: Now, lane: Option<LaneId>, task: Option<&Task>, log: &mut Log) {
        let (Some(lane), false) = (lane, self.holding.is_empty()) else {
            return;
        };
        let world = now.world;
        let loops: Vec<ThreadId> = match task {
            Some(task) => world.loops_of(task).map(|thread| thread.id).collect(),
            None => world.loops_of_requests().map(|thread| thread.id).collect(),
        };
        if !loops.iter().all(|thread| self.holding.contains(thread)) {
            return;
        }
        for thread in loops {
            if let Some(turn) = self.turns.get(thread.index()) {
                for finding in turn.blocked.into_iter().chain(turn.never_yields) {
                    log.join(finding, lane, world.now);
                }
            }
        }
    }
}
