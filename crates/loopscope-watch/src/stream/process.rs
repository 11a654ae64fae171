//! A program at the other end of a connection: what it tells, and what is seen of it, as facts.

use std::fs::File;
use std::io;

use crate::blocks::held::Holders;
use crate::merge::fact::{Fact, What};
use crate::outside::alive::Alive;
use crate::outside::backlog::Backlog;
use crate::ring::head::Head;
use crate::source::files::Files;
use crate::stream::frames::Frames;
use crate::stream::labels::Labels;
use crate::stream::lanes::Lanes;
use crate::stream::told::{Batch, Frame, Hello, frame};

/// What a thread began this long before a look may have been missed by it.
const MARGIN: u64 = 1_000_000;
/// How long a program that tells nothing may hold all others up.
const PATIENCE: u64 = 2_000_000_000;
/// How long after the end of its connection the end of a program is waited for.
const ENDING: u64 = 300_000_000;

/// A program that tells what it does.
pub(crate) struct Stream {
    pub(crate) head: Head,
    pub(crate) labels: Labels,
    frames: Frames,
    lanes: Lanes,
    alive: Option<Alive>,
    /// When its connection was seen to have ended.
    closed: Option<u64>,
    done: bool,
    /// Up to here it has told what it did.
    scan: u64,
    holders: Holders,
    no_answers: File,
    backlog: Backlog,
    /// What is to be said of it.
    unheard: Option<&'static str>,
}

impl Stream {
    /// The program that has said `hello`; they are numbered as they come.
    pub(crate) fn new(
        hello: Hello,
        frames: Frames,
        number: usize,
        threshold: u64,
    ) -> io::Result<Self> {
        let tells = hello.tells_tasks;
        Ok(Self {
            labels: Labels::new(&hello.folder, &hello.program),
            frames,
            lanes: Lanes::new(number, threshold),
            alive: Alive::now(hello.pid),
            closed: None,
            done: false,
            scan: hello.at,
            holders: Holders::new(hello.pid, 0, threshold),
            no_answers: File::open("/dev/null")?,
            backlog: Backlog::default(),
            unheard: (!tells)
                .then_some("its tasks: it was built without RUSTFLAGS=\"--cfg tokio_unstable\""),
            head: Head::new(hello.pid, hello.parent, hello.argv, hello.folder, hello.at),
        })
    }

    pub(crate) const fn is_alive(&self) -> bool {
        !self.done
    }

    /// The process began to tell.
    pub(crate) const fn joined(&self) -> Fact {
        self.lanes.fact(self.head.at, 0, 0, What::Joined)
    }

    /// Adds what came by `now`. Returns the moment from which on something may still come.
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
        self.frames.read();
        while let Some(bytes) = self.frames.next() {
            match frame(&bytes) {
                Some(Frame::Batch(batch)) => self.batch(batch, out),
                _ => self.frames.close(),
            }
        }
        self.lanes.settle(self.scan, out);
        if let Some(what) = self.unheard.take() {
            let what = What::Unheard(what.to_owned());
            out.push(self.lanes.fact(self.scan, u64::MAX, 0, what));
        }
        if !self.frames.is_open() {
            return self.ending(now, last, out);
        }
        let open = self.lanes.open();
        let samples = self.holders.look(now, &open, &self.no_answers, files);
        for (open, sample) in samples {
            let first = self.holders.is_first(open.thread);
            let at = if first { open.since } else { now };
            self.lanes.saw(open, at, now, sample);
        }
        let is_held = self.holders.is_held(now);
        if let Some(waiting) = self.backlog.look(self.head.pid, now, is_held) {
            let waiting = What::Waiting(waiting.to_vec());
            out.push(self.lanes.fact(self.scan, u64::MAX, 0, waiting));
        }
        let told = self.scan.saturating_sub(MARGIN);
        let told = told.max(now.saturating_sub(PATIENCE));
        let seen = self.lanes.floor().into_iter();
        seen.chain(self.holders.floor(now)).chain([told]).min()
    }

    fn batch(&mut self, batch: Batch, out: &mut Vec<Fact>) {
        for (number, text) in batch.texts {
            self.labels.add(number, text);
        }
        for (lane, lost, told) in batch.lanes {
            self.lanes.add(lane, lost, &told, out);
        }
        self.scan = self.scan.max(batch.scan);
    }

    /// Its connection has ended: so has it, or will at once.
    fn ending(&mut self, now: u64, last: bool, out: &mut Vec<Fact>) -> Option<u64> {
        let closed = *self.closed.get_or_insert(now);
        let status = match self.alive.map_or(Err(None), Alive::still) {
            Ok(()) if !last && now.saturating_sub(closed) < ENDING => {
                return Some(self.scan);
            }
            Ok(()) => None,
            Err(status) => status,
        };
        self.done = true;
        out.push(
            self.lanes
                .fact(closed.max(self.scan), u64::MAX, 0, What::Ended(status)),
        );
        Some(u64::MAX)
    }
}
