//! What the blocks of one place come to, up to any moment.

use std::collections::HashMap;

use crate::tracks::block::{Block, Holder};
use crate::tracks::track::LaneId;
use crate::tracks::waited::{Sort, Victims, Waited};
use loopscope_trace::{BlockKind, FunctionId, Nanos, StackId, StepId};

/// The blocks of a place that have ended, in the order of their ends; what they came to before this trace began is
/// kept as a sum only.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spent {
    before: Option<Sum>,
    /// In which function the last of those before was.
    function: Option<FunctionId>,
    /// What all blocks came to, up to each and with it.
    sums: Vec<(Nanos, usize, Sum)>,
    /// Who has waited here, and since when that counts.
    waited: HashMap<(Sort, LaneId), Nanos>,
}

/// Several blocks of a place together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sum {
    kind: BlockKind,
    times: u32,
    longest: Nanos,
    total: Nanos,
    waited: Victims,
    stack: Option<StackId>,
}

impl Sum {
    fn and(self, later: Self) -> Self {
        let longer = later.longest >= self.longest;
        let longest = if longer { later } else { self };
        let mut waited = self.waited;
        waited += later.waited;
        Self {
            kind: longest.kind,
            times: self.times.saturating_add(later.times),
            longest: longest.longest,
            total: self.total + later.total,
            waited,
            stack: longest.stack.or(self.stack).or(later.stack),
        }
    }

    /// As a row of those who held a loop.
    pub(crate) const fn holder(self, step: Option<StepId>) -> Holder {
        Holder {
            step,
            kind: self.kind,
            times: self.times,
            longest: self.longest,
            total: self.total,
            waited: self.waited,
            stack: self.stack,
            open: false,
        }
    }
}

impl Spent {
    /// A block has ended, the one at this place among all.
    pub(crate) fn add(&mut self, place: usize, block: &Block, waited: &Waited) {
        let to = block.to.unwrap_or(block.from);
        let known = &mut self.waited;
        let waited = waited.count(|sort, lane| {
            let is_new = !known.contains_key(&(sort, lane));
            known.entry((sort, lane)).or_insert(to);
            is_new
        });
        let length = block.length(to);
        let own = Sum {
            kind: block.kind,
            times: 1,
            longest: length,
            total: length,
            waited,
            stack: block.stack,
        };
        let last = self.sums.last();
        let sum = last.map_or(own, |(.., all)| all.and(own));
        self.sums.push((to, place, sum));
    }

    /// The block that ended last goes on; these waited for it.
    pub(crate) fn take_back(&mut self, place: usize, waited: &Waited) {
        let Some((to, ..)) = self.sums.pop_if(|(_, last, _)| *last == place) else {
            return;
        };
        let known = &mut self.waited;
        waited.count(|sort, lane| {
            if known.get(&(sort, lane)) == Some(&to) {
                known.remove(&(sort, lane));
            }
            true
        });
    }

    /// Takes over what was over at `from` in a trace that began before; `function`: in which function of it a block
    /// was, by its place.
    pub(crate) fn carry(
        &mut self,
        older: &Self,
        from: Nanos,
        function: impl Fn(usize) -> Option<FunctionId>,
    ) {
        self.before = older.at(from);
        let last = older.last().and_then(function);
        self.function = last.or(older.function);
    }

    /// What they came to at a moment; `None` where none had ended.
    pub(crate) fn at(&self, now: Nanos) -> Option<Sum> {
        let ended = self.sums.partition_point(|(to, ..)| *to <= now);
        let sum = ended.checked_sub(1).map(|last| self.sums[last].2);
        match (self.before, sum) {
            (Some(before), Some(sum)) => Some(before.and(sum)),
            (before, sum) => before.or(sum),
        }
    }

    /// Whether a lane has waited for a block that had ended at a moment.
    pub(crate) fn has_waited(&self, sort: Sort, lane: LaneId, now: Nanos) -> bool {
        let since = self.waited.get(&(sort, lane));
        since.is_some_and(|since| *since <= now)
    }

    /// The place, among all blocks, of the one that ended last.
    pub(crate) fn last(&self) -> Option<usize> {
        self.sums.last().map(|(_, place, _)| *place)
    }

    /// In which function the last block was that ended before this trace began.
    pub(crate) const fn function_before(&self) -> Option<FunctionId> {
        self.function
    }
}
