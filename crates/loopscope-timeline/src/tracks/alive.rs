//! Which lanes may be alive at a moment, without a look at those that ended long before it.

use crate::tracks::track::{Lane, LaneKind};

/// How many lanes lie at least between two lists that are kept.
const SPACING: usize = 1024;

/// Places of lanes, in the order in which they appeared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Of requests.
    pub requests: Vec<usize>,
    /// Of tasks that have a letter, and of jobs.
    pub own: Vec<usize>,
    /// Of tasks that have none: a framework's.
    pub others: Vec<usize>,
}

impl Candidates {
    fn push(&mut self, place: usize, lane: &Lane) {
        match lane.kind {
            LaneKind::Request(_) => self.requests.push(place),
            LaneKind::Task(_) if lane.letter.is_empty() => self.others.push(place),
            LaneKind::Task(_) | LaneKind::Job(_) => self.own.push(place),
        }
    }

    fn places(&self) -> impl Iterator<Item = usize> {
        let all = self.requests.iter().chain(&self.own).chain(&self.others);
        all.copied()
    }

    fn len(&self) -> usize {
        self.requests.len() + self.own.len() + self.others.len()
    }
}

/// The lanes that were alive when so many had appeared, now and then.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alive(Vec<(usize, Candidates)>);

impl Alive {
    /// Whether it is time to keep another list: all of them together grow with the number of lanes only.
    pub(crate) fn is_due(&self, lanes: usize) -> bool {
        let (before, alive) = self.last();
        lanes - before >= SPACING.max(alive)
    }

    fn last(&self) -> (usize, usize) {
        let last = self.0.last();
        last.map_or((0, 0), |(lanes, alive)| (*lanes, alive.len()))
    }

    /// Keeps those that are alive now; `lives` tells of a lane whether it is.
    pub(crate) fn keep(&mut self, lanes: &[Lane], lives: impl Fn(&Lane) -> bool) {
        let (before, _) = self.last();
        let mut alive = Candidates::default();
        let known = self.0.last().map(|(_, known)| known.places());
        let mut places: Vec<usize> = known.into_iter().flatten().collect();
        places.sort_unstable();
        for place in places.into_iter().chain(before..lanes.len()) {
            if let Some(lane) = lanes.get(place).filter(|lane| lives(lane)) {
                alive.push(place, lane);
            }
        }
        self.0.push((lanes.len(), alive));
    }

    /// All that may be alive when so many of the lanes had appeared; the newest [`SPACING`] are among them, whatever
    /// they are.
    pub(crate) fn at(&self, lanes: &[Lane], seen: usize) -> Candidates {
        let early = self.0.partition_point(|(kept, _)| kept + SPACING <= seen);
        let kept = early.checked_sub(1).and_then(|place| self.0.get(place));
        let (first, mut all) = kept.cloned().unwrap_or_default();
        for (place, lane) in lanes.iter().enumerate().take(seen).skip(first) {
            all.push(place, lane);
        }
        all
    }
}
