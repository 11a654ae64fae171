//! The lag of the loops: how long a task that could run waited for its turn.

use loopscope_trace::{EventKind, Nanos};

use crate::world::state::State;
use crate::world::world::World;

/// A power of two is told apart in so many steps: a figure is at most 6.25 % too large.
const STEPS: u64 = 16;

/// How many waits had which length, in a table of a fixed size.
#[derive(Clone, Debug, Default)]
pub struct Lag {
    counts: Vec<u64>,
    count: u64,
    longest: Nanos,
}

impl Lag {
    /// Notes a wait that an event ends; the world is that before the event.
    pub(crate) fn event(&mut self, world: &World, kind: EventKind) {
        let EventKind::PollStarted { task, .. } = kind else {
            return;
        };
        if let Some(task) = world.task(task)
            && matches!(task.state, State::Ready | State::Overdue)
        {
            self.add(world.now.since(task.since));
        }
    }

    fn add(&mut self, wait: Nanos) {
        let place = place(wait.0);
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] += 1;
        self.count += 1;
        self.longest = self.longest.max(wait);
    }

    /// The length that this share of all waits did not exceed, 0.5 for the median; `None` before there was one.
    pub fn percentile(&self, share: f64) -> Option<Nanos> {
        let wanted = (self.count as f64 * share.clamp(0.0, 1.0)).ceil().max(1.0) as u64;
        let mut seen = 0;
        let place = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted
        })?;
        Some(Nanos(last(place)).min(self.longest))
    }

    /// The longest wait; zero before there was one.
    pub fn longest(&self) -> Nanos {
        self.longest
    }

    /// How many waits there were.
    pub fn count(&self) -> u64 {
        self.count
    }
}

/// The row of a length: lengths below [`STEPS`] each have their own, then every power of two has that many.
fn place(length: u64) -> usize {
    if length < STEPS {
        return length as usize;
    }
    let power = u64::from(length.ilog2());
    let fine = (length >> (power - 4)) & (STEPS - 1);
    ((power - 3) * STEPS + fine) as usize
}

/// The longest length of a row.
fn last(place: usize) -> u64 {
    let place = place as u64;
    if place < STEPS {
        return place;
    }
    let power = place / STEPS + 3;
    let width = 1_u64 << (power - 4);
    let first = (1_u64 << power) + (place % STEPS) * width;
    first + (width - 1)
}
