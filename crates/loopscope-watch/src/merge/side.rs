//! One process of the watch: what its ring tells, and what is seen of it, as facts.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use crate::blocks::held::{Holders, Sample};
use crate::merge::fact::{Fact, What};
use crate::merge::missed::{Missed, is_over};
use crate::outside::alive::Alive;
use crate::outside::backlog::Backlog;
use crate::ring::kinds;
use crate::ring::process::Ring;
use crate::ring::records::Record;
use crate::ring::slots::{Doing, Open};
use crate::source::files::Files;

/// Where a thread is in the order of its process.
#[derive(Debug, Default)]
struct Thread {
    /// The number of the record that ended its last span.
    ended: u64,
    /// Since when it does what was announced before its end.
    announced: Option<u64>,
    /// Since when it does what it was seen held by.
    seen: Option<u64>,
}

/// After how many looks at which it told nothing it is looked up whether a process still runs.
const QUIET: u32 = 8;
/// A process that is watched.
pub(crate) struct Side {
    /// Its number among all.
    number: usize,
    pub(crate) ring: Ring,
    /// `None` once it has ended, and where it had before it was found.
    alive: Option<Alive>,
    /// All of it was handed on.
    done: bool,
    threads: HashMap<u16, Thread>,
    holders: Holders,
    threshold: u64,
    missed: Missed,
    /// The moment of the last record, from which on what is lost is lost.
    last: u64,
    backlog: Backlog,
    /// For how many looks it told nothing.
    quiet: u32,
    records: Vec<Record>,
}

impl Side {
    /// Joins the process `pid` of the watch in this folder.
    pub(crate) fn join(folder: &Path, pid: u32, number: usize, threshold: u64) -> io::Result<Self> {
        let ring = Ring::open(folder, pid)?;
        Ok(Self {
            number,
            alive: Alive::now(pid),
            done: false,
            threads: HashMap::new(),
            holders: Holders::new(pid, ring.head.signal, threshold),
            threshold,
            missed: Missed::default(),
            last: 0,
            backlog: Backlog::default(),
            quiet: 0,
            records: Vec::new(),
            ring,
        })
    }

    /// Whether it still runs, as far as is known.
    pub(crate) const fn is_alive(&self) -> bool {
        self.alive.is_some()
    }

    /// Adds what happened up to `now`. Returns the moment from which on something may still come; `None` where what its
    /// threads do could not be read just now.
    /// `last`: it is the last look, or the program that was started has ended.
    pub(crate) fn look(
        &mut self,
        now: u64,
        last: bool,
        files: &mut Files,
        out: &mut Vec<Fact>,
    ) -> Option<u64> {
        if self.done {
            return Some(u64::MAX);
        }
        // First what its threads do, then what they told: what is over by then is known.
        let slots = self.ring.open_slots();
        self.read(false, out);
        self.unheard(now, out);
        // One that tells something is alive.
        self.quiet = if self.records.is_empty() {
            self.quiet + 1
        } else {
            0
        };
        let is_due = self.quiet > 0 && (last || self.quiet.is_multiple_of(QUIET));
        let still = if is_due {
            self.alive.map_or(Err(None), Alive::still)
        } else {
            Ok(())
        };
        if let Err(status) = still {
            self.end(now, status, out);
            return Some(u64::MAX);
        }
        let Ok((open, true)) = slots else {
            return None;
        };
        let current = |open: &Open| open.since <= now && !is_over(open, &self.records);
        let open: Vec<Open> = open.into_iter().filter(current).collect();
        for open in open.iter().filter(|open| open.doing == Doing::Parked) {
            self.announce(open, out);
        }
        if self.holders.is_held(now) {
            self.holders.signal = self.ring.signal();
        }
        let samples = self.holders.look(now, &open, &self.ring.stacks, files);
        for (open, sample) in samples {
            let at = if self.holders.is_first(open.thread) {
                open.since
            } else {
                now
            };
            self.announce(&open, out);
            self.held(&open, at, sample, out);
        }
        let floor = self.holders.floor(now);
        let missed = self.missed.look(&open, &self.records);
        let is_held = self.holders.is_held(now);
        if let Some(waiting) = self.backlog.look(self.ring.head.pid, now, is_held) {
            let waiting = What::Waiting(waiting.to_vec());
            out.push(self.fact(now, u64::MAX, 0, waiting));
        }
        floor.into_iter().chain(missed).min().or(Some(u64::MAX))
    }

    /// Adds what the process could not listen to.
    fn unheard(&mut self, now: u64, out: &mut Vec<Fact>) {
        if let Some(text) = self.ring.errors(now, self.done) {
            out.push(self.fact(now, u64::MAX, 0, What::Unheard(text)));
        }
    }

    /// Adds the records that came.
    fn read(&mut self, all: bool, out: &mut Vec<Fact>) {
        let mut records = std::mem::take(&mut self.records);
        records.clear();
        let read = if all {
            self.ring.rest(&mut records)
        } else {
            self.ring.records(&mut records)
        };
        let lost = read.unwrap_or(0);
        if lost > 0 {
            let at = records.first().map_or(self.last, |record| record.moment);
            let order = records
                .first()
                .map_or(u64::MAX, |record| record.number * 2 - 1);
            out.push(self.fact(
                at,
                order,
                0,
                What::Lost {
                    count: lost,
                    since: self.last.min(at),
                },
            ));
            // What was announced may be over: which records told it is not known.
            self.threads
                .values_mut()
                .for_each(|thread| thread.announced = None);
        }
        for record in &records {
            self.told(*record, out);
        }
        self.records = records;
    }

    /// Adds a record; of a span its beginning too.
    fn told(&mut self, record: Record, out: &mut Vec<Fact>) {
        self.last = record.moment;
        let doing = match record.kind {
            kinds::TURN => Some(Doing::Turn),
            kinds::CALL => Some(Doing::Callback),
            kinds::PARKED => Some(Doing::Parked),
            _ => None,
        };
        let thread = self.threads.entry(record.thread).or_default();
        if let Some(doing) = doing {
            let since = record.c.min(record.moment);
            let order = thread.ended * 2 + 1;
            let begun = thread.announced == Some(record.c);
            let seen = thread.seen == Some(record.c);
            *thread = Thread {
                ended: record.number,
                ..Thread::default()
            };
            if !begun {
                let begins = What::Begins {
                    doing,
                    what: record.a,
                };
                out.push(self.fact(since, order, record.thread, begins));
            }
            let long = record.moment - since >= self.threshold && doing != Doing::Parked;
            if long && !seen {
                let unseen = What::Held(Box::new(Sample::unseen()));
                out.push(self.fact(since, order, record.thread, unseen));
            }
        } else if record.kind == kinds::STARTED || record.kind == kinds::ENDED {
            thread.ended = record.number;
        }
        out.push(self.fact(
            record.moment,
            record.number * 2,
            record.thread,
            What::Told(record),
        ));
    }

    /// Says that a thread began what it does, once.
    fn announce(&mut self, open: &Open, out: &mut Vec<Fact>) {
        let thread = self.threads.entry(open.thread).or_default();
        if thread.announced == Some(open.since) {
            return;
        }
        thread.announced = Some(open.since);
        let order = thread.ended * 2 + 1;
        if open.doing != Doing::Job {
            let begins = What::Begins {
                doing: open.doing,
                what: open.what,
            };
            out.push(self.fact(open.since, order, open.thread, begins));
        }
    }

    fn held(&mut self, open: &Open, at: u64, sample: Sample, out: &mut Vec<Fact>) {
        let thread = self.threads.entry(open.thread).or_default();
        thread.seen = Some(open.since);
        let order = thread.ended * 2 + 1;
        // The record that a job started is a moment younger than its slot.
        let at = if open.doing == Doing::Job {
            at + 1_000_000
        } else {
            at
        };
        out.push(self.fact(at, order, open.thread, What::Held(Box::new(sample))));
    }

    /// Adds what is left of a process that has ended, and what it was doing then.
    fn end(&mut self, now: u64, status: Option<i32>, out: &mut Vec<Fact>) {
        self.read(true, out);
        let (open, _) = self.ring.open_slots().unwrap_or_default();
        let open: Vec<Open> = open
            .into_iter()
            .filter(|open| open.since <= now && !is_over(open, &self.records))
            .collect();
        let mut at = self.last;
        for open in &open {
            self.announce(open, out);
            at = at.max(open.since);
        }
        // Of one that had ended before it was found the last sign is all that is known.
        if self.alive.take().is_some() {
            at = now;
        }
        self.done = true;
        self.unheard(at, out);
        out.push(self.fact(at, u64::MAX, 0, What::Ended(status)));
    }

    /// The process began to tell.
    pub(crate) fn joined(&self) -> Fact {
        self.fact(self.ring.head.at, 0, 0, What::Joined)
    }

    const fn fact(&self, at: u64, order: u64, thread: u16, what: What) -> Fact {
        Fact {
            at,
            process: self.number,
            order,
            thread,
            what,
        }
    }
}
