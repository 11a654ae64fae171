//! What a timeline tells of who held the loops, and for how long others waited.

use crate::moments::timeline::Timeline;
use crate::tracks::held::{Block, Holder};
use crate::tracks::lag::Lag;
use crate::world::world::World;
use loopscope_trace::{Actor, FunctionId, Nanos};

impl Timeline {
    /// Who held the loops until the moment of `world`, by place in the program, the longest block first.
    pub fn holders(&self, world: &World) -> Vec<Holder> {
        self.blocks.holders(world, &self.lanes)
    }

    /// The function of a request's handler, or of a task, that held a loop at a place: the last that did.
    pub fn own_function(&self, holder: &Holder) -> Option<FunctionId> {
        let mut blocks = self.blocks.all.iter().rev();
        let block = blocks.find(|block| block.step == holder.step)?;
        match block.actor {
            Actor::Task(task) => self.live.task(task)?.function,
            Actor::Job(_) => None,
        }
    }

    /// Takes the place of `before`, of which it is the end from `from` on: who held the loops, and for how long others
    /// waited, is told of the whole run.
    pub fn carry(&mut self, before: &Self, from: Nanos) {
        self.lag = before.lag.clone();
        self.blocks.carry(&before.blocks, from);
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
