//! How many lanes are in which state, at any moment.

use crate::world::state::State;
use loopscope_trace::Nanos;

/// How many changes lie between two counts that are kept whole.
const SPACING: usize = 512;

/// How many lanes there are in each state, by the state's place in [`State::ALL`].
pub type Counts = [u32; State::ALL.len()];

/// A lane has gone from one state to another one.
#[derive(Clone, Copy, Debug)]
struct Change {
    at: Nanos,
    /// `None` for a lane that appears.
    from: Option<State>,
    to: State,
}

/// The states of all lanes of one kind over time.
#[derive(Clone, Debug, Default)]
pub struct Census {
    changes: Vec<Change>,
    /// The counts before each [`SPACING`] changes.
    kept: Vec<Counts>,
    now: Counts,
}

impl Census {
    /// A lane changes its state; `None` for one that appears.
    pub(crate) fn change(&mut self, at: Nanos, from: Option<State>, to: State) {
        if self.changes.len().is_multiple_of(SPACING) {
            self.kept.push(self.now);
        }
        let change = Change { at, from, to };
        self.changes.push(change);
        apply(&mut self.now, &change);
    }

    /// How many were in which state at a moment, all that happened at it included.
    pub fn at(&self, moment: Nanos) -> Counts {
        let upto = self.changes.partition_point(|change| change.at <= moment);
        let place = upto / SPACING;
        // The counts are kept when the change behind them comes.
        let (mut counts, first) = match self.kept.get(place) {
            Some(kept) => (*kept, place * SPACING),
            None => return self.now,
        };
        for change in &self.changes[first..upto] {
            apply(&mut counts, change);
        }
        counts
    }
}

fn apply(counts: &mut Counts, change: &Change) {
    if let Some(from) = change.from {
        let count = &mut counts[from as usize];
        *count = count.saturating_sub(1);
    }
    counts[change.to as usize] += 1;
}
