//! A ring as a watched program writes it, at moments that a test chooses.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;

use loopscope::trace::{Batch, Event, EventKind, LateRow, Story, Trace, Watched, recording};

pub const THREAD: u64 = 1;
pub const SPAWN: u64 = 2;
pub const WOKEN: u64 = 3;
pub const TURN: u64 = 4;
pub const ON: u64 = 5;
pub const CALL: u64 = 6;
pub const PARKED: u64 = 7;
pub const POOL: u64 = 8;
pub const QUEUED: u64 = 9;
pub const STARTED: u64 = 10;
pub const ENDED: u64 = 11;
pub const PRINTED: u64 = 12;
pub const REQUEST: u64 = 13;
pub const ENDPOINT: u64 = 14;
pub const ANSWERED: u64 = 15;
pub const FAILED: u64 = 17;

/// A number that no process has.
pub const NOBODY: u32 = 4_194_400;

/// The files of one process.
pub struct Written {
    ring: File,
    texts: File,
    slots: u64,
    numbers: u64,
    texts_so_far: u64,
}

impl Written {
    pub fn new(folder: &Path, pid: u32, slots: u64) -> Self {
        Self::with_head(
            folder,
            pid,
            slots,
            &format!(
                r#"{{"ring":1,"pid":{pid},"parent":1,"argv":["python","app.py"],"cwd":"/srv","prefix":["/usr/lib/python3"],"python":"3.13.1","signal":0,"slots":{slots},"at":1}}"#
            ),
        )
    }

    pub fn with_head(folder: &Path, pid: u32, slots: u64, head: &str) -> Self {
        let path = |end: &str| folder.join(format!("{pid}.{end}"));
        let texts = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path("texts"))
            .expect("texts");
        File::create(path("stacks")).expect("stacks");
        let ring = File::create(path("ring.tmp")).expect("a ring");
        ring.set_len(8192 + slots * 40).expect("room");
        ring.write_all_at(head.as_bytes(), 0).expect("a head");
        fs::rename(path("ring.tmp"), path("ring")).expect("whole");
        let mut written = Self {
            ring,
            texts,
            slots,
            numbers: 0,
            texts_so_far: 0,
        };
        written.text("");
        written
    }

    pub fn text(&mut self, text: &str) -> u64 {
        let line = serde_json::to_string(&(self.texts_so_far, text)).expect("JSON");
        writeln!(self.texts, "{line}").expect("a text");
        self.texts_so_far += 1;
        self.texts_so_far - 1
    }

    /// Writes anything into the texts.
    pub fn texts_bytes(&mut self, bytes: &[u8]) {
        self.texts.write_all(bytes).expect("bytes");
    }

    /// Takes a number for a record that is not written yet.
    pub fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub fn record(&mut self, thread: u64, kind: u64, moment: u64, (a, b, c): (u64, u64, u64)) {
        let number = self.number();
        self.record_as(number, thread, kind, moment, (a, b, c));
    }

    pub fn record_as(
        &self,
        number: u64,
        thread: u64,
        kind: u64,
        moment: u64,
        (a, b, c): (u64, u64, u64),
    ) {
        let words = [moment, a, b, c, number << 24 | thread << 8 | kind];
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let place = 8192 + (number & (self.slots - 1)) * 40;
        self.ring.write_all_at(&bytes[..32], place).expect("words");
        self.ring
            .write_all_at(&bytes[32..], place + 32)
            .expect("the last word");
    }

    /// What a thread does since a moment; 0: nothing.
    pub fn slot(&self, thread: u64, what: u64, since: u64, kind: u64, native: u64) {
        let place = 4096 + thread * 32;
        self.ring
            .write_all_at(&0_u64.to_le_bytes(), place + 8)
            .expect("closed");
        for (word, at) in [(what, 0), (kind, 16), (native, 24), (since, 8)] {
            self.ring
                .write_all_at(&word.to_le_bytes(), place + at)
                .expect("a word");
        }
    }

    /// Writes anything into the ring.
    pub fn bytes(&self, at: u64, bytes: &[u8]) {
        self.ring.write_all_at(bytes, at).expect("bytes");
    }
}

/// Batches one behind the other.
#[derive(Default)]
pub struct Heard {
    pub texts: Vec<String>,
    pub rows: Vec<LateRow>,
    pub events: Vec<Event>,
    pub upto: u64,
    pub trace: Trace,
}

impl Heard {
    /// Adds a batch; it holds the law of all batches.
    pub fn add(&mut self, batch: Batch) {
        self.trace.extend(batch.clone());
        for event in &batch.events {
            assert!(event.at.0 >= self.upto, "{event:?} before {}", self.upto);
            self.upto = event.at.0;
        }
        assert!(batch.upto.0 >= self.upto);
        self.upto = batch.upto.0;
        self.texts.extend(batch.texts);
        self.rows.extend(batch.rows);
        self.events.extend(batch.events);
    }

    /// What a recording of it would say: `None` where it is as it should be.
    pub fn fault(&self) -> Option<String> {
        let mut trace = self.trace.clone();
        trace.story.watched = Some(Watched::default());
        trace.story.speed = Story::default().speed.max(1.0);
        let mut bytes = Vec::new();
        recording::write(&trace, &mut bytes).expect("written");
        recording::read(&bytes[..])
            .err()
            .map(|error| error.to_string())
    }

    /// The events as lines, with their texts.
    pub fn lines(&self) -> Vec<String> {
        self.lines_from(0)
    }

    /// The last of them: all can be a million.
    pub fn last(&self) -> Vec<String> {
        self.lines_from(self.events.len().saturating_sub(50))
    }

    fn lines_from(&self, first: usize) -> Vec<String> {
        self.events[first..]
            .iter()
            .map(|event| format!("{} {}", event.at.0, self.line(event.kind)))
            .collect()
    }

    fn line(&self, kind: EventKind) -> String {
        let mut line = serde_json::to_string(&kind).expect("JSON");
        for key in ["name", "text", "route"] {
            let mark = format!("\"{key}\":");
            if let Some((before, rest)) = line.split_once(&mark) {
                let end = rest
                    .find(|sign: char| !sign.is_ascii_digit())
                    .unwrap_or(rest.len());
                let text = rest[..end]
                    .parse()
                    .ok()
                    .and_then(|number: usize| self.texts.get(number));
                if let Some(text) = text {
                    line = format!("{before}{mark}{text:?}{}", &rest[end..]);
                }
            }
        }
        line
    }
}
