//! What a detector is, and the log that it writes its findings into: the list of them, with as much
//! history as is needed to show it as it stood at a moment.

use crate::findings::log::finding::{Finding, Kind};
use crate::tracks::lanes::Lanes;
use crate::tracks::track::LaneId;
use crate::world::entries::Task;
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Actor, EventKind, Nanos};

/// From this length on, holding a loop and being kept from it are findings.
pub(crate) const LONG: Nanos = Nanos::from_millis(100);

/// The most victims of a finding that are listed; the others are only counted.
const MOST_VICTIMS: usize = 256;
/// The most changes of a finding's figure that are remembered.
const MOST_CHANGES: usize = 4096;

/// The moment that a detector looks at.
#[derive(Clone, Copy)]
pub(crate) struct Now<'a> {
    pub(crate) world: &'a World,
    pub(crate) lanes: &'a Lanes,
}

/// Looks at the world after each event, and writes what it finds into the log.
pub(crate) trait Detector {
    /// An event has happened.
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log);

    /// A task has gone from one state to another.
    fn task_moved(&mut self, _now: Now, _task: &Task, _from: State, _log: &mut Log) {}

    /// When it finds something if nothing happens until then.
    fn due(&mut self) -> Option<Nanos> {
        None
    }

    /// Time has come to [`Self::due`].
    fn fire(&mut self, _now: Now, _log: &mut Log) {}
}

/// Makes the struct of all detectors, each called without indirection, in the order of the rows.
macro_rules! detectors {
    ($($room:ident::$file:ident),* $(,)?) => {
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Detectors {
            $($file: $room::$file::Detector),*
        }

        const _: () = {
            use $crate::findings::log::detector::{Detector, Log, Now};
            use $crate::world::{entries::Task, state::State};
            use loopscope_trace::{EventKind, Nanos};

        impl Detector for Detectors {
            fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
                $(self.$file.event(now, event, log);)*
            }

            fn task_moved(&mut self, now: Now, task: &Task, from: State, log: &mut Log) {
                $(self.$file.task_moved(now, task, from, log);)*
            }

            fn due(&mut self) -> Option<Nanos> {
                [$(self.$file.due()),*].into_iter().flatten().min()
            }

            /// Lets the first detector find whose time has come.
            fn fire(&mut self, now: Now, log: &mut Log) {
                $(
                    if self.$file.due().is_some_and(|at| at <= now.world.now) {
                        return self.$file.fire(now, log);
                    }
                )*
            }
        }
        };
    };
}

pub(crate) use detectors;

/// All findings, in the order in which they were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    pub(crate) all: Vec<Finding>,
    histories: Vec<History>,
    /// How many of them have been handed on as news.
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
        now: Now,
        kind: &'static Kind,
        since: Nanos,
        actor: Actor,
    ) -> usize {
        self.open_at(now, kind, since, Some(actor), now.lanes.of(actor))
    }

    /// The same for a finding that may have a lane without an actor, or neither.
    pub(crate) fn open_at(
        &mut self,
        now: Now,
        kind: &'static Kind,
        since: Nanos,
        actor: Option<Actor>,
        lane: Option<LaneId>,
    ) -> usize {
        let place = self.all.len();
        let world = now.world;
        self.all.push(Finding {
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
        self.open.push(place);
        place
    }

    /// One more lane suffers from it, and counts.
    pub(crate) fn join(&mut self, finding: usize, lane: LaneId, now: Nanos) {
        if self.list(finding, lane, now) {
            let count = self.all[finding].count.saturating_add(1);
            self.count(finding, count, now);
        }
    }

    /// The same without counting it; whether it is new.
    pub(crate) fn list(&mut self, finding: usize, lane: LaneId, now: Nanos) -> bool {
        let victims = &mut self.all[finding].victims;
        // A job and its dispatch task, or two states of a task, are one lane.
        if victims.contains(&lane) {
            return false;
        }
        if victims.len() < MOST_VICTIMS {
            victims.push(lane);
            self.histories[finding].joined.push(now);
        }
        true
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
        let known = &mut self.all[finding];
        if known.open {
            known.open = false;
            known.length = now.since(known.at);
            self.open.retain(|&other| other != finding);
        }
    }

    /// The run is over, and so is everything that went on.
    pub(crate) fn close_all(&mut self, now: Nanos) {
        for finding in std::mem::take(&mut self.open) {
            let known = &mut self.all[finding];
            known.open = false;
            known.length = now.since(known.at);
        }
    }

    /// Those that go on have lasted until `now`.
    pub(crate) fn grow(&mut self, now: Nanos) {
        for &finding in &self.open {
            self.all[finding].length = now.since(self.all[finding].at);
        }
    }

    /// The kind of the next finding that has not been handed on.
    pub(crate) fn next_news(&mut self) -> Option<&'static Kind> {
        let kind = self.all.get(self.told)?.kind;
        self.told += 1;
        Some(kind)
    }

    /// The places of those that are known at the moment of `world`, and how they stand at the live edge.
    pub(crate) fn known(&self, world: &World) -> impl Iterator<Item = (usize, &Finding)> {
        let (now, applied) = (world.now, world.applied);
        let found = self.all.partition_point(|known| known.found <= now);
        let both = self.all[..found].iter().zip(&self.histories).enumerate();
        both.filter(move |(_, (known, history))| known.found < now || history.applied <= applied)
            .map(|(place, (known, _))| (place, known))
    }

    /// A finding as it stood at a moment.
    pub(crate) fn at(&self, place: usize, now: Nanos) -> Option<Finding> {
        Some(cut(self.all.get(place)?, self.histories.get(place)?, now))
    }

    /// A finding as it stood when it was found.
    pub(crate) fn as_found(&self, finding: usize) -> Option<Finding> {
        let known = self.all.get(finding)?;
        let cut = cut(known, self.histories.get(finding)?, known.found);
        Some(Finding { open: true, ..cut })
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
fn cut(known: &Finding, history: &History, now: Nanos) -> Finding {
    let joined = history.joined.partition_point(|&at| at <= now);
    let goes_on = known.open || known.at + known.length > now;
    Finding {
        length: known.length_at(now),
        open: goes_on,
        victims: known.victims[..joined].to_vec(),
        count: figure_at(&history.counts, now),
        amount: figure_at(&history.amounts, now),
        ..known.clone()
    }
}
