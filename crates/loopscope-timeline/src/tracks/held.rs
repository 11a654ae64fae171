//! Who held a loop: each block on a loop's thread, where it was, and who waited for its end.

use std::collections::BTreeMap;

use crate::tracks::block::{Block, Holder};
use crate::tracks::lanes::Lanes;
use crate::tracks::spent::Spent;
use crate::tracks::waited::{Victims, Waited};
use crate::world::world::World;
use loopscope_trace::{
    Actor, BlockKind, EventKind, FunctionId, Nanos, StepId, ThreadId, ThreadRole,
};

/// All blocks on the threads of loops, in the order in which they began; and what each place has come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    /// Whether a block may be told in parts, as it is seen from outside.
    in_parts: bool,
    pub(crate) all: Vec<Block>,
    open: BTreeMap<ThreadId, usize>,
    /// Those of each thread, by their place in `all`.
    of_thread: BTreeMap<ThreadId, Vec<usize>>,
    places: BTreeMap<Option<StepId>, Spent>,
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
            && let Some(place) = self.last_of(thread)
            && let Some(block) = self.all.get_mut(place)
            && (block.actor, block.step, block.to) == (actor, step, Some(world.now))
        {
            block.to = None;
            block.kind = kind;
            if let Some(spent) = self.places.get_mut(&step) {
                spent.take_back(place, &Waited::now(world, lanes, actor, thread));
            }
            self.open.insert(thread, place);
            return;
        }
        self.open.insert(thread, self.all.len());
        let of_thread = self.of_thread.entry(thread).or_default();
        of_thread.push(self.all.len());
        self.all.push(Block {
            from: world.now,
            to: None,
            actor,
            thread,
            kind,
            step,
            stack: None,
        });
    }

    fn last_of(&self, thread: ThreadId) -> Option<usize> {
        self.of_thread.get(&thread)?.last().copied()
    }

    fn of(&mut self, world: &World, actor: Actor) -> Option<&mut Block> {
        let place = *self.open.get(&world.thread_of(actor)?)?;
        self.all.get_mut(place).filter(|block| block.actor == actor)
    }

    fn ends(&mut self, world: &World, lanes: &Lanes, thread: ThreadId) {
        let place = self.open.remove(&thread);
        if let Some(place) = place
            && let Some(block) = self.all.get_mut(place)
        {
            block.to = Some(world.now);
            let waited = Waited::now(world, lanes, block.actor, thread);
            let spent = self.places.entry(block.step).or_default();
            spent.add(place, block, &waited);
        }
    }

    /// Takes over what was over before this trace began, at `from`; `function` tells in which function of `before` an
    /// actor is.
    pub(crate) fn carry(
        &mut self,
        before: &Self,
        from: Nanos,
        function: impl Fn(Actor) -> Option<FunctionId>,
    ) {
        let function = |place: usize| function(before.all.get(place)?.actor);
        for (step, older) in &before.places {
            let own = self.places.entry(*step).or_default();
            own.carry(older, from, function);
        }
    }

    /// The blocks that go on at a moment.
    fn open_at(&self, now: Nanos) -> impl Iterator<Item = &Block> {
        self.of_thread.values().filter_map(move |places| {
            let begun = places.partition_point(|place| self.all[*place].from <= now);
            let block = &self.all[places[begun.checked_sub(1)?]];
            block.to.is_none_or(|to| to > now).then_some(block)
        })
    }

    /// Who held the loops until the moment of `world`, by place, the longest block first.
    pub(crate) fn holders(&self, world: &World, lanes: &Lanes) -> Vec<Holder> {
        let now = world.now;
        let ended = self.places.iter();
        let mut holders: BTreeMap<Option<StepId>, Holder> = ended
            .filter_map(|(step, spent)| Some((*step, spent.at(now)?.holder(*step))))
            .collect();
        for block in self.open_at(now) {
            let holder = holders.entry(block.step).or_insert_with(|| Holder {
                step: block.step,
                kind: block.kind,
                times: 0,
                longest: Nanos::ZERO,
                total: Nanos::ZERO,
                waited: Victims::default(),
                stack: None,
                open: false,
            });
            let length = block.length(now);
            holder.open = true;
            holder.times = holder.times.saturating_add(1);
            holder.total += length;
            if length >= holder.longest {
                holder.longest = length;
                holder.kind = block.kind;
                holder.stack = block.stack.or(holder.stack);
            }
            let waited = Waited::now(world, lanes, block.actor, block.thread);
            let spent = self.places.get(&block.step);
            holder.waited += waited
                .count(|sort, lane| spent.is_none_or(|spent| !spent.has_waited(sort, lane, now)));
        }
        let mut holders: Vec<Holder> = holders.into_values().collect();
        holders.sort_by_key(|holder| std::cmp::Reverse((holder.longest, holder.total)));
        holders
    }

    /// Who held a loop at a place last, or else in which function that was, before this trace began.
    pub(crate) fn last_at(&self, step: Option<StepId>) -> (Option<Actor>, Option<FunctionId>) {
        let mut open = self.open.values().filter_map(|place| self.all.get(*place));
        let open = open.rfind(|block| block.step == step);
        let spent = self.places.get(&step);
        let ended = || self.all.get(spent?.last()?);
        let last = open.or_else(ended).map(|block| block.actor);
        (last, spent.and_then(Spent::function_before))
    }
}
