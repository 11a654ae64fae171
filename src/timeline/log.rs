//! The list of findings, with as much history as is needed to show it as it stood at a moment.

use super::insight::{Insight, InsightKind};
use super::lanes::Lanes;
use super::track::LaneId;
use super::world::World;
use crate::trace::{Actor, Nanos};

/// So many victims of a finding are listed; the others are only counted.
const MOST_VICTIMS: usize = 256;
/// So many changes of a finding's count are remembered.
const MOST_COUNTS: usize = 1024;

/// All findings, in the order in which they were found.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    pub(super) all: Vec<Insight>,
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
}

impl Log {
    /// A new finding of `actor`, true since `since`; it goes on.
    pub(super) fn open(
        &mut self,
        world: &World,
        lanes: &Lanes,
        kind: InsightKind,
        since: Nanos,
        actor: Actor,
    ) -> usize {
        let finding = self.all.len();
        self.all.push(Insight {
            kind,
            at: since,
            found: world.now,
            length: world.now.since(since),
            open: true,
            actor: Some(actor),
            lane: lanes.of(actor),
            step: world.step_of(actor),
            held_by: None,
            victims: Vec::new(),
            count: 0,
        });
        self.histories.push(History {
            applied: world.applied,
            ..History::default()
        });
        self.open.push(finding);
        finding
    }

    /// One more lane suffers from it.
    pub(super) fn join(&mut self, finding: usize, lane: LaneId, now: Nanos) {
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
    pub(super) fn count(&mut self, finding: usize, count: u32, now: Nanos) {
        let insight = &mut self.all[finding];
        if count <= insight.count {
            return;
        }
        insight.count = count;
        let counts = &mut self.histories[finding].counts;
        let is_full = counts.len() >= MOST_COUNTS;
        match counts.last_mut() {
            Some(last) if last.0 == now || is_full => *last = (now, count),
            _ => counts.push((now, count)),
        }
    }

    /// It has ended.
    pub(super) fn close(&mut self, finding: usize, now: Nanos) {
        let insight = &mut self.all[finding];
        if insight.open {
            insight.open = false;
            insight.length = now.since(insight.at);
            self.open.retain(|&other| other != finding);
        }
    }

    /// The run is over, and so is everything that went on.
    pub(super) fn close_all(&mut self, now: Nanos) {
        for finding in std::mem::take(&mut self.open) {
            self.all[finding].open = false;
            self.all[finding].length = now.since(self.all[finding].at);
        }
    }

    pub(super) fn grow(&mut self, now: Nanos) {
        for &finding in &self.open {
            self.all[finding].length = now.since(self.all[finding].at);
        }
    }

    pub(super) fn next_news(&mut self) -> Option<InsightKind> {
        let kind = self.all.get(self.told)?.kind;
        self.told += 1;
        Some(kind)
    }

    pub(super) fn at(&self, world: &World) -> Vec<Insight> {
        let now = world.now;
        let found = self.all.partition_point(|insight| insight.found <= now);
        let both = self.all[..found].iter().zip(&self.histories);
        both.filter(|(insight, history)| insight.found < now || history.applied <= world.applied)
            .map(|(insight, history)| cut(insight, history, now))
            .collect()
    }

    /// A finding as it stood when it was found.
    pub(super) fn as_found(&self, finding: usize) -> Option<Insight> {
        let insight = self.all.get(finding)?;
        let cut = cut(insight, self.histories.get(finding)?, insight.found);
        Some(Insight { open: true, ..cut })
    }
}

/// A finding as it stood at a moment.
fn cut(insight: &Insight, history: &History, now: Nanos) -> Insight {
    let joined = history.joined.partition_point(|&at| at <= now);
    let counts = history.counts.partition_point(|&(at, _)| at <= now);
    let count = counts.checked_sub(1).map(|place| history.counts[place].1);
    let goes_on = insight.open || insight.at + insight.length > now;
    Insight {
        length: if goes_on {
            now.since(insight.at)
        } else {
            insight.length
        },
        open: goes_on,
        victims: insight.victims[..joined].to_vec(),
        count: count.unwrap_or(0),
        ..insight.clone()
    }
}
