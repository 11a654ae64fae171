//! What a timeline tells of a whole run, also where its trace is only the end of it: who held the loops, for how long
//! others waited, and what was found.

use std::iter;

use crate::findings::log::earlier;
use crate::findings::log::finding::Finding;
use crate::moments::before::Before;
use crate::moments::timeline::Timeline;
use crate::tracks::block::{Block, Holder};
use crate::tracks::lag::Lag;
use crate::world::shared::Pool;
use crate::world::world::World;
use loopscope_trace::{Actor, FunctionId, Language, Nanos};

impl Timeline {
    /// Who held the loops until the moment of `world`, by place in the program, the longest block first.
    pub fn holders(&self, world: &World) -> Vec<Holder> {
        self.blocks.holders(world, &self.lanes)
    }

    /// The function of a request's handler, or of a task, that held a loop at a place: the last that did.
    pub fn own_function(&self, holder: &Holder) -> Option<FunctionId> {
        let (last, before) = self.blocks.last_at(holder.step);
        last.map_or(before, |actor| self.function_of(actor))
    }

    fn function_of(&self, actor: Actor) -> Option<FunctionId> {
        match actor {
            Actor::Task(task) => self.live.task(task)?.function,
            Actor::Job(_) => None,
        }
    }

    /// Takes the place of `before`, of which it is the end from `from` on, all events of that moment behind it: who held
    /// the loops, for how long others waited, and what was found, is told of the whole run.
    pub fn carry(&mut self, before: &Self, from: Nanos) {
        self.lag = before.lag.clone();
        self.before = self.carried(before, from);
        self.blocks
            .carry(&before.blocks, from, |actor| before.function_of(actor));
    }

    fn carried(&self, before: &Self, from: Nanos) -> Before {
        let mut findings = before.before.findings.clone();
        let over = before.findings().iter();
        for finding in over.take_while(|finding| finding.found <= from) {
            // What was not over then is found anew, if only later.
            let end = finding.at + finding.length;
            let same = |own: &Finding| {
                own.kind == finding.kind && own.step == finding.step && own.at < end
            };
            if !self.findings().iter().any(same) {
                earlier::add(&mut findings, finding, || {
                    finding.sentence(before, Language::Python)
                });
            }
        }
        Before {
            findings,
            pools: before.pools(),
            dropped: before.dropped(),
        }
    }

    /// The pools at the live edge, that without a name first, with the highest counts of the whole run.
    pub fn pools(&self) -> Vec<Pool> {
        let others = self.live.pools.iter().map(|other| other.pool);
        let mut pools: Vec<Pool> = iter::once(self.live.pool).chain(others).collect();
        for (pool, before) in pools.iter_mut().zip(&self.before.pools) {
            pool.peak_busy = pool.peak_busy.max(before.peak_busy);
            pool.peak_queued = pool.peak_queued.max(before.peak_queued);
        }
        pools
    }

    /// How many events were lost in the whole run.
    pub fn dropped(&self) -> u64 {
        self.before.dropped + self.live.dropped
    }

    /// How long tasks that could run waited for their turns.
    pub fn lag(&self) -> &Lag {
        &self.lag
    }

    /// All blocks on the threads of loops, in the order in which they began.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks.all
    }
}
