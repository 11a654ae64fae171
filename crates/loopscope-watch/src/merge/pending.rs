//! Facts that are kept until nothing earlier can come.

use crate::merge::fact::Fact;

/// Facts in the order of their moments.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    facts: Vec<Fact>,
    /// Up to here all was handed on.
    upto: u64,
    /// How many came too late, and the earliest moment of those; told and forgotten by [`Self::late`].
    late: (u64, u64),
}

/// What comes later than this is told to be late; what comes a little late is moved.
const LATE: u64 = 1_000_000;

impl Pending {
    /// Adds facts in any order.
    pub(crate) fn add(&mut self, facts: &mut Vec<Fact>) {
        for mut fact in facts.drain(..) {
            if fact.at < self.upto {
                if self.upto - fact.at > LATE {
                    let since = if self.late.0 == 0 {
                        fact.at
                    } else {
                        self.late.1.min(fact.at)
                    };
                    self.late = (self.late.0 + 1, since);
                }
                fact.at = self.upto;
            }
            self.facts.push(fact);
        }
    }

    /// Takes out, in order, what happened before `upto`.
    pub(crate) fn release(&mut self, upto: u64) -> Vec<Fact> {
        self.upto = self.upto.max(upto);
        self.facts
            .sort_by_key(|fact| (fact.at, fact.process, fact.order));
        let count = self.facts.partition_point(|fact| fact.at < upto);
        let rest = self.facts.split_off(count);
        std::mem::replace(&mut self.facts, rest)
    }

    /// How many facts came too late since the last call, and since when.
    pub(crate) fn late(&mut self) -> Option<(u64, u64)> {
        let late = std::mem::take(&mut self.late);
        (late.0 > 0).then_some(late)
    }
}
