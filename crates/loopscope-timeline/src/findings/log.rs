//! The list of findings, with as much history as is needed to show it as it stood at a moment.

use crate::findings::finding::{Insight, InsightKind};
use crate::tracks::lanes::Lanes;
use crate::tracks::track::LaneId;
use crate::world::world::World;
use loopscope_trace::{Actor, Nanos};

/// So many victims of a finding are listed; the others are only counted.
const MOST_VICTIMS: usize = 256;
/// So many changes of a finding's figure are remembered.
const MOST_CHANGES: usize = 4096;

/// All findings, in the order in which they were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    pub(crate) all: Vec<Insight>,
    histories: Vec<History>,
    told: usize,
    /// Those that go on.
    open: Vec<usize>,
}

#[derive(Clone, Debug, Default)]
struct History {
    /// How many events had been applied when it was found.
    applied: usize,
    /// When each victim became one.
    joined: Vec<Nanos>,
    /// How the count grew.
    counts: Vec<(Nanos, u32)>,
    /// How the amount grew.
    amounts: Vec<(Nanos, Nanos)>,
}

impl Log {
    /// A new finding of `actor`, true since `since`; it goes on.
    pub(crate) fn open(
        &mut self,
        world: &World,
        lanes: &Lanes,
        kind: InsightKind,
        since: Nanos,
        actor: Actor,
    ) -> usize {
        self.open_at(world, kind, since, Some(actor), lanes.of(actor))
    }

    /// The same for a finding that may have a lane without an actor, or neither.
    pub(crate) fn open_at(
        &mut self,
        world: &World,
        kind: InsightKind,
        since: Nanos,
        actor: Option<Actor>,
        lane: Option<LaneId>,
    ) -> usize {
        let finding = self.all.len();
        self.all.push(Insight {
            kind,
            at: since,
            found: world.now,
            length: world.now.since(since),
            open: true,
            actor,
            lane,
            step: actor.and_then(|actor| world.step_of(actor)),
            held_by: None,
            victims: Vec::new(),
            count: 0,
            of: None,
            chain: Vec::new(),
            amount: Nanos::ZERO,
        });
        self.histories.push(History {
            applied: world.applied,
            ..History::default()
        });
        self.open.push(finding);
        finding
    }

    /// One more lane suffers from it.
    pub(crate) fn join(&mut self, finding: usize, lane: LaneId, now: Nanos) {
        let insight = &mut self.all[finding];
        // A job and its dispatch task, or two states of a task, are one lane.
        if insight.victims.contains(&lane) {
            return;
        }
        if insight.victims.len() < MOST_VICTIMS {
            insight.victims.push(lane);
            self.histories[finding].joined.push(now);
        }
        if insight.kind != InsightKind::SaturatedPool {
            let count = self.all[finding].count.saturating_add(1);
            self.count(finding, count, now);
        }
    }

    /// The count has reached a figure; it never shrinks.
    pub(crate) fn count(&mut self, finding: usize, count: u32, now: Nanos) {
        if count > self.all[finding].count {
            self.all[finding].count = count;
            note(&mut self.histories[finding].counts, now, count);
        }
    }

    /// The amount has reached a length.
    pub(crate) fn amount(&mut self, finding: usize, amount: Nanos, now: Nanos) {
        self.all[finding].amount = amount;
        note(&mut self.histories[finding].amounts, now, amount);
    }

    /// It has ended.
    pub(crate) fn close(&mut self, finding: usize, now: Nanos) {
        let insight = &mut self.all[finding];
        if insight.open {
            insight.open = false;
            insight.length = now.since(insight.at);
            self.open.retain(|&other| other != finding);
        }
    }

    /// The run is over, and so is everything that went on.
    pub(crate) fn close_all(&mut self, now: Nanos) {
        for finding in std::mem::take(&mut self.open) {
            self.all[finding].open = false;
            self.all[finding].length = now.since(self.all[finding].at);
        }
    }

    pub(crate) fn grow(&mut self, now: Nanos) {
        for &finding in &self.open {
            self.all[finding].length = now.since(self.all[finding].at);
        }
    }

    pub(crate) fn next_news(&mut self) -> Option<InsightKind> {
        let kind = self.all.get(self.told)?.kind;
        self.told += 1;
        Some(kind)
    }

    pub(crate) fn at(&self, world: &World) -> Vec<Insight> {
        let now = world.now;
        let found = self.all.partition_point(|insight| insight.found <= now);
        let both = self.all[..found].iter().zip(&self.histories);
        both.filter(|(insight, history)| insight.found < now || history.applied <= world.applied)
            .map(|(insight, history)| cut(insight, history, now))
            .collect()
    }

    /// A finding as it stood when it was found.
    pub(crate) fn as_found(&self, finding: usize) -> Option<Insight> {
        let insight = self.all.get(finding)?;
        let cut = cut(insight, self.histories.get(finding)?, insight.found);
        Some(Insight { open: true, ..cut })
    }
}

/// Remembers that a figure has changed.
fn note<T>(history: &mut Vec<(Nanos, T)>, now: Nanos, figure: T) {
    let is_full = history.len() >= MOST_CHANGES;
    match history.last_mut() {
        Some(last) if last.0 == now || is_full => *last = (now, figure),
        _ => history.push((now, figure)),
    }
}

/// What a figure was at a moment.
fn figure_at<T: Copy + Default>(history: &[(Nanos, T)], now: Nanos) -> T {
    let passed = history.partition_point(|&(at, _)| at <= now);
    let last = passed.checked_sub(1).map(|place| history[place].1);
    last.unwrap_or_default()
}

/// A finding as it stood at a moment.
fn cut(insight: &Insight, history: &History, now: Nanos) -> Insight {
    let joined = history.joined.partition_point(|&at| at <= now);
    let goes_on = insight.open || insight.at + insight.length > now;
    Insight {
        length: if goes_on {
            now.since(insight.at)
        } else {
            insight.length
        },
        open: goes_on,
        victims: insight.victims[..joined].to_vec(),
        count: figure_at(&history.counts, now),
        amount: figure_at(&history.amounts, now),
        ..insight.clone()
    }
}
