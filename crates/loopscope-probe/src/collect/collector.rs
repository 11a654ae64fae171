//! The collector: drains the rings and hands on batches of events, in one order.

use loopscope_trace::{Batch, EndReason, EventKind, Nanos};

use crate::collect::merge::{Merge, Placed};
use crate::collect::remote::{Inbox, Remotes};
use crate::collect::renumber::Renumber;
use crate::collect::translate::{Tally, Translator};
use crate::record::fact::{Fact, Record};
use crate::record::recorder::Recorder;

/// The slot under which the collector's own records are sorted: after all others.
const OWN_SLOT: u32 = u32::MAX;

/// Memory that an event takes, from its record to the timeline of who reads it: about so many bytes.
const EVENT_BYTES: u64 = 100;

/// How often a text is kept: by the recorder, in a batch, and by who reads it.
const COPIES: u64 = 3;

/// Makes one trace of what all threads note. Call [`Collector::scan`] on a thread of its
/// own, every two milliseconds or so: a ring that is full loses records.
#[derive(Debug)]
pub struct Collector {
    recorder: Recorder,
    merge: Merge,
    remotes: Remotes,
    translator: Translator,
    placed: Vec<Placed>,
    last_scan: u64,
    upto: Nanos,
}

impl Collector {
    /// A collector of what `recorder` notes; there must be only one.
    pub fn new(recorder: Recorder) -> Self {
        let ids = Renumber::default();
        Self::with(recorder, Inbox::default(), ids)
    }

    /// Like [`Collector::new`], and joins what child processes hand on through `inbox`.
    pub fn joining(recorder: Recorder, inbox: Inbox) -> Self {
        Self::with(recorder, inbox, Renumber::default())
    }

    /// A collector in a child process: ids stay provisional, for the parent numbers them.
    pub fn in_child(recorder: Recorder, inbox: Inbox) -> Self {
        Self::with(recorder, inbox, Renumber::keeping())
    }

    fn with(recorder: Recorder, inbox: Inbox, ids: Renumber) -> Self {
        Self {
            merge: Merge::new(recorder.core.clock.margin()),
            remotes: Remotes::new(inbox),
            translator: Translator::new(recorder.hooks(), ids),
            placed: Vec::new(),
            last_scan: 0,
            upto: Nanos::ZERO,
            recorder,
        }
    }

    /// What has become certain since the last call.
    pub fn scan(&mut self) -> Batch {
        let scan = self.look();
        let bound = self.remotes.look(&self.recorder, &mut self.merge);
        let frontier = self.merge.scan_below(scan, bound, &mut self.placed);
        self.batch(frontier)
    }

    /// Memory that all that was noted so far takes, here and where it is read: about so many bytes.
    pub fn bytes(&self) -> u64 {
        self.merge.taken() * EVENT_BYTES + self.recorder.core.texts.bytes() * COPIES
    }

    /// All that is left. Only right once every watched thread has ended.
    pub fn finish(&mut self) -> Batch {
        let scan = self.look();
        self.remotes.look(&self.recorder, &mut self.merge);
        // What was lost since the last scan must still be told.
        self.merge.scan(scan, &mut self.placed);
        self.tell_lost(scan);
        let frontier = self.merge.finish(scan, &mut self.placed);
        self.batch(frontier)
    }

    /// Notes the end of the run; it stands after all that was noted before this call.
    pub fn run_ended(&mut self, reason: EndReason) {
        self.note(EventKind::RunEnded { reason });
    }

    /// Notes an event of the collector's own thread, which has no lane.
    pub fn note(&mut self, event: EventKind) {
        let fact = Fact::Event(event);
        let raw = self.recorder.core.clock.raw();
        self.insert(raw, fact);
    }

    /// Time since the start of the run; zero before it.
    pub fn now(&self) -> Nanos {
        self.recorder.now()
    }

    /// The program's own tasks that have been spawned and have not ended, as far as handed on.
    pub fn open_tasks(&self) -> usize {
        self.translator.open_tasks()
    }

    /// What the hooks have counted.
    pub fn tally(&self) -> Tally {
        self.translator.tally()
    }

    fn look(&mut self) -> u64 {
        // The reading comes first: a ring that is added later has no older record.
        let scan = self.recorder.core.clock.raw().max(self.last_scan);
        self.last_scan = scan;
        for reader in self.recorder.core.slots.new_readers() {
            self.merge.add(reader);
        }
        self.tell_lost(scan);
        scan
    }

    fn tell_lost(&mut self, scan: u64) {
        for (slot, lost) in self.merge.take_lost() {
            let thread = self.translator.thread_of(slot);
            let since = self.recorder.core.clock.at(lost.since);
            let mut left = lost.count;
            while left > 0 {
                let count = u16::try_from(left).unwrap_or(u16::MAX);
                left -= u32::from(count);
                let event = EventKind::Dropped {
                    thread,
                    count,
                    since,
                };
                self.insert(scan, Fact::Event(event));
            }
        }
    }

    fn insert(&mut self, raw: u64, fact: Fact) {
        let record = Record { raw, fact };
        self.merge.insert(Placed {
            slot: OWN_SLOT,
            record,
        });
    }

    fn batch(&mut self, frontier: u64) -> Batch {
        let mut batch = Batch::default();
        for placed in self.placed.drain(..) {
            // The start of the run may be set while early records are on their way: never back.
            let at = self
                .recorder
                .core
                .clock
                .at(placed.record.raw)
                .max(self.upto);
            self.upto = at;
            let fact = placed.record.fact;
            self.translator
                .translate(at, placed.slot, fact, &self.recorder, &mut batch);
        }
        self.upto = self.upto.max(self.recorder.core.clock.at(frontier));
        batch.upto = self.upto;
        batch
    }
}
