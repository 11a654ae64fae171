//! The records of all lanes of a program become facts as those of a ring.

use std::collections::BTreeMap;

use crate::blocks::held::Sample;
use crate::merge::fact::{Fact, What};
use crate::ring::kinds;
use crate::ring::records::Record;
use crate::ring::slots::{Doing, Open};
use crate::stream::ends::{End, ends};
use crate::stream::labels;
use crate::stream::lane::{Lane, Under};
use crate::stream::records::{POOL, plain, record};
use crate::stream::told::{SELF_WOKEN, Told, tag};

/// What a turn ends in, as a ring has it.
const AGAIN: u64 = 0;
const UNKNOWN: u64 = 2;
const COMPLETED: u64 = 3;
const CANCELLED: u64 = 4;
const FAILED: u64 = 5;

/// A thread was seen held, and whether it was then what it was taken for shows only later.
#[derive(Clone, Debug)]
struct Seen {
    open: Open,
    /// The moment that it is told for, and the one at which it was looked at.
    at: u64,
    looked: u64,
    sample: Sample,
}

/// The lanes of one program.
#[derive(Debug)]
pub(crate) struct Lanes {
    process: usize,
    threshold: u64,
    /// How many records there were.
    count: u64,
    lanes: BTreeMap<u16, Lane>,
    seen: Vec<Seen>,
    /// Whether the pool was told.
    has_pool: bool,
}

impl Lanes {
    pub(crate) const fn new(process: usize, threshold: u64) -> Self {
        Self {
            process,
            threshold,
            count: 0,
            lanes: BTreeMap::new(),
            seen: Vec::new(),
            has_pool: false,
        }
    }

    /// What the threads are in the middle of.
    pub(crate) fn open(&self) -> Vec<Open> {
        let all = self.lanes.iter();
        all.filter_map(|(&thread, lane)| lane.open(thread))
            .collect()
    }

    /// Adds what a lane told at a look, and that it lost so many records.
    pub(crate) fn add(&mut self, thread: u16, lost: u64, told: &[Told], out: &mut Vec<Fact>) {
        if lost > 0 {
            let lane = self.lanes.entry(thread).or_default();
            let since = lane.last;
            let at = told.first().map_or(since, |told| told.at.max(since));
            // What was announced may be over, and its record among those that were lost.
            (lane.announced, lane.job) = (None, None);
            self.count += 1;
            out.push(self.fact(
                at,
                self.count * 2,
                thread,
                What::Lost { count: lost, since },
            ));
        }
        let (ends, is_part) = ends(told);
        for (place, told) in told.iter().enumerate() {
            if !is_part[place] {
                self.told(thread, *told, ends[place], out);
            }
        }
    }

    fn told(&mut self, thread: u16, told: Told, end: Option<End>, out: &mut Vec<Fact>) {
        self.count += 1;
        let lane = self.lanes.entry(thread).or_default();
        lane.last = lane.last.max(told.at);
        let under = |doing, what: u32| Under {
            doing,
            what: what.into(),
            since: told.at,
        };
        match told.tag {
            tag::POLL => self.polled(thread, told, end, out),
            tag::SLEEP => self.slept(thread, told, out),
            tag::POLLS => self.announce(thread, under(Doing::Turn, told.id), out),
            tag::SLEEPS => self.announce(thread, under(Doing::Parked, 0), out),
            _ => {
                match told.tag {
                    tag::THREAD => lane.native = told.id,
                    tag::THREAD_ENDED => lane.native = 0,
                    tag::JOB_STARTED => lane.job = Some(under(Doing::Job, told.id)),
                    tag::JOB_ENDED => drop(lane.job.take()),
                    _ => {}
                }
                if matches!(told.tag, tag::JOB_STARTED | tag::JOB_ENDED) {
                    lane.ended = self.count;
                }
                if told.tag == tag::JOB_ENDED {
                    self.settle(told.at, out);
                }
                if told.tag == tag::JOB_QUEUED && !std::mem::replace(&mut self.has_pool, true) {
                    let pool = record(kinds::POOL, told.at, POOL, labels::pool(), 0);
                    self.push(thread, pool, out);
                    self.count += 1;
                }
                if let Some(record) = plain(told) {
                    self.push(thread, record, out);
                }
            }
        }
    }

    /// A turn, from its beginning to its end.
    fn polled(&mut self, thread: u16, told: Told, end: Option<End>, out: &mut Vec<Fact>) {
        let lane = self.lanes.entry(thread).or_default();
        let announced = lane
            .announced
            .take()
            .filter(|under| under.doing == Doing::Turn && under.what == u64::from(told.id));
        let since = announced.map_or(told.at, |under| under.since);
        let moment = end.map_or(told.at + told.more, |end| end.at).max(since);
        lane.last = lane.last.max(moment);
        let under = Under {
            doing: Doing::Turn,
            what: told.id.into(),
            since,
        };
        if announced.is_none() {
            self.begin(thread, under, out);
        }
        self.settle_of(thread, since, moment, out);
        let lane = self.lanes.entry(thread).or_default();
        let was_seen = lane.seen.take() == Some(since);
        let order = lane.ended * 2 + 1;
        lane.ended = self.count;
        if moment - since >= self.threshold && !was_seen {
            let unseen = What::Held(Box::new(Sample::unseen()));
            out.push(self.fact(since, order, thread, unseen));
        }
        let how = match end.map(|end| end.how) {
            Some(2) => CANCELLED,
            Some(3) => FAILED,
            Some(_) => COMPLETED,
            None if told.flags & SELF_WOKEN != 0 => AGAIN,
            None => UNKNOWN,
        };
        let record = record(kinds::TURN, moment, told.id, how, since);
        self.push(thread, record, out);
    }

    fn slept(&mut self, thread: u16, told: Told, out: &mut Vec<Fact>) {
        let lane = self.lanes.entry(thread).or_default();
        let announced = lane.announced.take();
        let since = announced
            .filter(|under| under.doing == Doing::Parked)
            .map(|under| under.since);
        let moment = told.at + told.more;
        lane.last = lane.last.max(moment);
        let under = Under {
            doing: Doing::Parked,
            what: 0,
            since: told.at,
        };
        if since.is_none() {
            self.begin(thread, under, out);
        }
        self.lanes.entry(thread).or_default().ended = self.count;
        let record = record(kinds::PARKED, moment, 0, 0, told.at);
        self.push(thread, record, out);
    }

    /// What a thread is in the middle of when it is looked at.
    fn announce(&mut self, thread: u16, under: Under, out: &mut Vec<Fact>) {
        self.lanes.entry(thread).or_default().announced = Some(under);
        self.begin(thread, under, out);
    }

    fn begin(&mut self, thread: u16, under: Under, out: &mut Vec<Fact>) {
        let order = self.lanes.get(&thread).map_or(0, |lane| lane.ended) * 2 + 1;
        let begins = What::Begins {
            doing: under.doing,
            what: under.what,
        };
        out.push(self.fact(under.since, order, thread, begins));
    }

    /// Notes where a thread was seen held at a look.
    pub(crate) fn saw(&mut self, open: Open, at: u64, looked: u64, sample: Sample) {
        self.seen.push(Seen {
            open,
            at,
            looked,
            sample,
        });
    }

    /// The program has told what it did up to `scan`: what was seen before and still goes on was seen rightly.
    pub(crate) fn settle(&mut self, scan: u64, out: &mut Vec<Fact>) {
        for seen in std::mem::take(&mut self.seen) {
            let lane = self.lanes.get(&seen.open.thread);
            let still = lane.is_some_and(|lane| lane.is_still(seen.open.since));
            if still && seen.looked <= scan {
                self.held(seen, out);
            } else if still {
                self.seen.push(seen);
            }
        }
    }

    /// The turn since a moment is over at another one: what was seen of it after that was something else.
    fn settle_of(&mut self, thread: u16, since: u64, end: u64, out: &mut Vec<Fact>) {
        for seen in std::mem::take(&mut self.seen) {
            if seen.open.thread != thread || seen.open.since != since {
                self.seen.push(seen);
            } else if seen.looked <= end {
                self.held(seen, out);
            }
        }
    }

    fn held(&mut self, seen: Seen, out: &mut Vec<Fact>) {
        let lane = self.lanes.entry(seen.open.thread).or_default();
        lane.seen = Some(seen.open.since);
        let order = lane.ended * 2 + 1;
        let held = What::Held(Box::new(seen.sample));
        out.push(self.fact(seen.at, order, seen.open.thread, held));
    }

    /// The earliest moment for which something was seen that is not told yet.
    pub(crate) fn floor(&self) -> Option<u64> {
        self.seen.iter().map(|seen| seen.at).min()
    }

    fn push(&self, thread: u16, record: Record, out: &mut Vec<Fact>) {
        let number = self.count;
        let record = Record {
            number,
            thread,
            ..record
        };
        out.push(self.fact(record.moment, number * 2, thread, What::Told(record)));
    }

    pub(crate) const fn fact(&self, at: u64, order: u64, thread: u16, what: What) -> Fact {
        Fact {
            at,
            process: self.process,
            order,
            thread,
            what,
        }
    }
}
