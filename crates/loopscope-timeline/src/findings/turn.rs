//! Findings about turns on a loop that keep others from it: long blocks, and turns without an await.

use crate::findings::all::{Findings, LONG, Turn};
use crate::findings::finding::InsightKind;
use crate::tracks::lanes::Lanes;
use crate::world::world::World;
use loopscope_trace::{Actor, Nanos, ThreadId, ThreadRole};

impl Findings {
    fn turn(&mut self, world: &World, id: ThreadId) -> Option<&mut Turn> {
        let thread = world.thread(id)?;
        if thread.role != ThreadRole::Loop {
            return None;
        }
        if self.turns.len() <= id.index() {
            // The world knows the thread, so this is bounded by its threads.
            self.turns.resize(id.index() + 1, Turn::default());
        }
        self.turns.get_mut(id.index())
    }

    pub(crate) fn turn_begins(&mut self, world: &World, thread: ThreadId) {
        self.turn_ends(world, thread);
        if let Some(turn) = self.turn(world, thread) {
            turn.since = world.now;
        }
    }

    pub(crate) fn turn_ends(&mut self, world: &World, thread: ThreadId) {
        let Some(turn) = self.turn(world, thread) else {
            return;
        };
        let ended = std::mem::take(turn);
        if let Some(since) = ended.block {
            self.due.remove(&(since + LONG, thread));
        }
        for finding in ended.blocked.into_iter().chain(ended.never_yields) {
            self.log.close(finding, world.now);
        }
        self.holding.retain(|&other| other != thread);
    }

    pub(crate) fn block_begins(&mut self, world: &World, thread: ThreadId) {
        let now = world.now;
        let Some(turn) = self.turn(world, thread) else {
            return;
        };
        let before = turn.block.replace(now);
        if let Some(since) = before {
            self.due.remove(&(since + LONG, thread));
        }
        self.due.insert((now + LONG, thread));
    }

    pub(crate) fn block_ends(&mut self, world: &World, lanes: &Lanes, thread: ThreadId) {
        let Some(turn) = self.turn(world, thread) else {
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
        if let Some(finding) = blocked {
            self.log.close(finding, world.now);
            self.holding.retain(|&other| other != thread);
        }
        let is_long = world.now.since(turn.since) >= LONG;
        let others = world.ready.len() + world.overdue.len() + world.backlog.len();
        let many = turn.parts > 1 && !turn.has_long_part;
        if is_long && many && others > 0 && turn.never_yields.is_none() {
            let since = turn.since;
            self.held(world, lanes, thread, InsightKind::NeverYields, since);
        }
    }

    /// A block has lasted for so long that it is a finding.
    pub(crate) fn blocked_loop(&mut self, world: &World, lanes: &Lanes, thread: ThreadId) {
        let since = self
            .turns
            .get(thread.index())
            .and_then(|turn| turn.block)
            .unwrap_or(world.now);
        self.held(world, lanes, thread, InsightKind::BlockedLoop, since);
    }

    /// Whoever has the thread keeps others from it.
    fn held(
        &mut self,
        world: &World,
        lanes: &Lanes,
        thread: ThreadId,
        kind: InsightKind,
        since: Nanos,
    ) {
        let Some(doing) = world.thread(thread).and_then(|thread| thread.doing) else {
            return;
        };
        let actor = doing.actor;
        let finding = self.log.open(world, lanes, kind, since, actor);
        if !self.holding.contains(&thread) {
            self.holding.push(thread);
        }
        if let Some(turn) = self.turns.get_mut(thread.index()) {
            match kind {
                InsightKind::NeverYields => turn.never_yields = Some(finding),
                _ => turn.blocked = Some(finding),
            }
        }
        let own = lanes.of(actor);
        let tasks = world.ready.iter().chain(&world.overdue);
        for &task in tasks {
            let lane = lanes
                .of(Actor::Task(task))
                .filter(|&lane| Some(lane) != own);
            self.join_holding(world, lane, world.task(task));
        }
        for &request in &world.backlog {
            self.join_holding(world, lanes.of_request(request), None);
        }
    }
}
