//! Who held a loop: each block on a loop's thread, where it was, and who waited for its end.

use std::collections::BTreeMap;

use crate::tracks::lanes::Lanes;
use crate::tracks::waited::Waited;
use crate::world::world::World;
use loopscope_trace::{Actor, BlockKind, EventKind, Nanos, StackId, StepId, ThreadId, ThreadRole};

/// A block on a loop's thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Since when.
    pub from: Nanos,
    /// Until when; `None` while it goes on.
    pub to: Option<Nanos>,
    /// The task whose turn it was.
    pub actor: Actor,
    /// The thread.
    pub thread: ThreadId,
    /// How the thread was held.
    pub kind: BlockKind,
    /// The place in the program.
    pub step: Option<StepId>,
    /// The call stack in which it was seen last.
    pub stack: Option<StackId>,
    /// Who waited for its end, known once it has ended.
    pub waited: Waited,
}

impl Block {
    /// How long it lasted, or has lasted at `now`.
    pub fn length(&self, now: Nanos) -> Nanos {
        self.to.unwrap_or(now).min(now).since(self.from)
    }
}

/// The blocks of one place together.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The place; `None` where none is known.
    pub step: Option<StepId>,
    /// How the thread was held there longest.
    pub kind: BlockKind,
    /// How many blocks.
    pub times: u32,
    /// The longest of them.
    pub longest: Nanos,
    /// All together.
    pub total: Nanos,
    /// Who waited for any of them.
    pub waited: Waited,
    /// The call stack of the longest.
    pub stack: Option<StackId>,
    /// One of them goes on.
    pub open: bool,
}

/// All blocks on the threads of loops, in the order in which they began.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    /// Whether a block may be told in parts, as it is seen from outside.
    in_parts: bool,
    pub(crate) all: Vec<Block>,
    open: BTreeMap<ThreadId, usize>,
}

impl Blocks {
    /// None so far; `in_parts` where a block may be told in parts.
    pub(crate) fn new(in_parts: bool) -> Self {
        Self {
            in_parts,
            ..Self::default()
        }
    }

    /// Notes what an event does to them; the world is that after the event.
    pub(crate) fn event(&mut self, world: &World, lanes: &Lanes, kind: EventKind) {
        match kind {
            EventKind::BlockStarted {
                actor: actor @ Actor::Task(_),
                thread,
                kind,
            } => self.begins(world, lanes, (actor, thread, kind)),
            EventKind::StepEntered { actor, step } => {
                if let Some(block) = self.of(world, actor)
                    && block.step.is_none()
                {
                    block.step = Some(step);
                }
            }
            EventKind::Stack { actor, stack } => {
                if let Some(block) = self.of(world, actor) {
                    block.stack = Some(stack);
                }
            }
            EventKind::BlockEnded { thread, .. }
            | EventKind::PollEnded { thread, .. }
            | EventKind::ThreadEnded { thread }
            | EventKind::Dropped { thread, .. } => self.ends(world, lanes, thread),
            EventKind::RunEnded { .. } => {
                for thread in self.open.keys().copied().collect::<Vec<_>>() {
                    self.ends(world, lanes, thread);
                }
            }
            _ => {}
        }
    }

    fn begins(
        &mut self,
        world: &World,
        lanes: &Lanes,
        (actor, thread, kind): (Actor, ThreadId, BlockKind),
    ) {
        self.ends(world, lanes, thread);
        let role = world.thread(thread).map(|thread| thread.role);
        if role != Some(ThreadRole::Loop) {
            return;
        }
        let step = world.step_of(actor);
        // One that was seen in two parts, without a moment between them, is one.
        if self.in_parts
            && let Some(place) = self.all.iter().rposition(|block| block.thread == thread)
            && let Some(block) = self.all.get_mut(place)
            && (block.actor, block.step, block.to) == (actor, step, Some(world.now))
        {
            block.to = None;
            block.kind = kind;
            self.open.insert(thread, place);
            return;
        }
        self.open.insert(thread, self.all.len());
        self.all.push(Block {
            from: world.now,
            to: None,
            actor,
            thread,
            kind,
            step,
            stack: None,
            waited: Waited::default(),
        });
    }

    fn of(&mut self, world: &World, actor: Actor) -> Option<&mut Block> {
        let place = *self.open.get(&world.thread_of(actor)?)?;
        self.all.get_mut(place).filter(|block| block.actor == actor)
    }

    fn ends(&mut self, world: &World, lanes: &Lanes, thread: ThreadId) {
        let place = self.open.remove(&thread);
        if let Some(block) = place.and_then(|place| self.all.get_mut(place)) {
            block.to = Some(world.now);
            block.waited = Waited::now(world, lanes, block.actor, thread);
        }
    }

    /// Takes over what was known before this trace began: who waited then has no lane in it, and is counted only.
    pub(crate) fn carry(&mut self, before: &Self, from: Nanos) {
        // What went on then, or began at that very moment, may be known to both.
        let begun = |block: &Block| (block.from, block.step);
        let early = self.all.iter().take_while(|block| block.from <= from);
        let mut both: Vec<_> = early.map(begun).collect();
        let older = before.all.iter().take_while(|block| block.from <= from);
        let mut all: Vec<Block> = Vec::new();
        for block in older {
            match both.iter().position(|known| *known == begun(block)) {
                Some(place) => {
                    both.swap_remove(place);
                }
                None => all.push(block.clone()),
            }
        }
        for block in &mut all {
            block.waited = Waited {
                more: block.waited.counts(),
                ..Waited::default()
            };
        }
        all.append(&mut self.all);
        // Blocks of other threads may have begun between.
        all.sort_by_key(|block| block.from);
        let open = all
            .iter()
            .enumerate()
            .filter(|(_, block)| block.to.is_none());
        self.open = open.map(|(place, block)| (block.thread, place)).collect();
        self.all = all;
    }

    /// Who held the loops until the moment of `world`, by place, the longest block first.
    pub(crate) fn holders(&self, world: &World, lanes: &Lanes) -> Vec<Holder> {
        let now = world.now;
        let until = self.all.partition_point(|block| block.from <= now);
        let mut holders: BTreeMap<Option<StepId>, Holder> = BTreeMap::new();
        for block in &self.all[..until] {
            let length = block.length(now);
            let open = block.to.is_none_or(|to| to > now);
            let holder = holders.entry(block.step).or_insert_with(|| Holder {
                step: block.step,
                kind: block.kind,
                times: 0,
                longest: Nanos::ZERO,
                total: Nanos::ZERO,
                waited: Waited::default(),
                stack: None,
                open: false,
            });
            holder.times = holder.times.saturating_add(1);
            holder.total += length;
            if length >= holder.longest {
                holder.longest = length;
                holder.kind = block.kind;
                holder.stack = block.stack.or(holder.stack);
            }
            holder.open |= open;
            if open {
                let waited = Waited::now(world, lanes, block.actor, block.thread);
                holder.waited.join(&waited);
            } else {
                holder.waited.join(&block.waited);
            }
        }
        let mut holders: Vec<Holder> = holders.into_values().collect();
        for holder in &mut holders {
            holder.waited.settle();
        }
        holders.sort_by_key(|holder| std::cmp::Reverse((holder.longest, holder.total)));
        holders
    }
}
