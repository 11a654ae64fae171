//! One look at all lanes: what they hold becomes a batch of the stream.

use std::collections::HashMap;
use std::hint::spin_loop;

use crate::lane::lane::Lane;
use crate::lane::lanes;
use crate::lane::word::{Tag, Word, flag};
use crate::stream::alive::{Alive, outcome};
use crate::stream::texts::Texts;
use crate::stream::time::Time;
use crate::stream::wire::{self, Section, Told};

/// How often it is looked whether the end of a task follows its last poll: nothing comes between but the system.
const LOOKS: usize = 16;

/// What is known of a lane.
#[derive(Debug, Default)]
struct Known {
    /// The thread that has it.
    thread: Option<Told>,
    lost: u64,
    /// The moment of the last record, which no later one precedes; the reading of what was announced.
    last: u64,
    announced: u64,
    /// The last poll: of which task, and whether it panicked.
    polled: Option<(u32, bool)>,
}

/// Takes out what the lanes hold.
#[derive(Debug)]
pub(crate) struct Scanner {
    pub(crate) time: Time,
    known: Vec<Known>,
    alive: Alive,
    /// How many of the kept texts were told.
    texts: u32,
    records: Vec<(u64, Word)>,
    section: Section,
    sections: Vec<u8>,
    frame: Vec<u8>,
}

impl Scanner {
    pub(crate) fn new() -> Self {
        Self {
            time: Time::new(),
            known: Vec::new(),
            alive: Alive::default(),
            texts: 0,
            records: Vec::new(),
            section: Section::default(),
            sections: Vec::new(),
            frame: Vec::new(),
        }
    }

    /// Takes out what the lanes hold; returns a frame with it, and whether it tells more than that time goes on.
    pub(crate) fn scan(&mut self, texts: &Texts) -> (&[u8], bool) {
        self.time.go_on();
        self.sections.clear();
        for (number, lane) in lanes::all().into_iter().enumerate() {
            self.lane(number, lane);
        }
        let tells = !self.sections.is_empty();
        self.make_frame(texts);
        (&self.frame, tells)
    }

    /// A frame for a watcher that has just come: all texts, all threads, and what is alive.
    pub(crate) fn introduce(&mut self, texts: &Texts) -> &[u8] {
        self.texts = 0;
        self.sections.clear();
        let mut of_lanes: HashMap<usize, Vec<Told>> = HashMap::new();
        for (lane, told) in self.alive.all() {
            of_lanes.entry(lane).or_default().push(told);
        }
        for number in 0..self.known.len() {
            let known = &mut self.known[number];
            known.announced = 0;
            self.section.begin(self.time.now());
            if let Some(thread) = &known.thread {
                self.section.record(thread);
            }
            for told in of_lanes.remove(&number).unwrap_or_default() {
                self.section.record(&told);
            }
            self.end_section(number, 0);
        }
        self.make_frame(texts);
        &self.frame
    }

    fn make_frame(&mut self, texts: &Texts) {
        let frame = &mut self.frame;
        frame.clear();
        frame.push(wire::BATCH);
        wire::figure(frame, self.time.now());
        let mut news = Vec::new();
        let mut count = 0;
        self.texts = texts.tell(self.texts, |number, text| {
            count += 1;
            wire::text(&mut news, number, text);
        });
        wire::figure(frame, count);
        frame.extend_from_slice(&news);
        frame.extend_from_slice(&self.sections);
    }

    fn end_section(&mut self, number: usize, lost: u64) {
        if self.section.count > 0 || lost > 0 {
            wire::figure(&mut self.sections, number as u64);
            wire::figure(&mut self.sections, lost);
            wire::figure(&mut self.sections, self.section.count);
            self.sections.extend_from_slice(&self.section.bytes);
        }
    }

    fn lane(&mut self, number: usize, lane: &Lane) {
        if number >= self.known.len() {
            self.known.push(Known::default());
        }
        let open = lane.open();
        let lost = lane.lost();
        let mut records = std::mem::take(&mut self.records);
        records.clear();
        lane.drain(|at, word| records.push((at, word)));
        for _ in 0..LOOKS {
            if records.last().and_then(|(_, word)| word.tag()) != Some(Tag::Poll) {
                break;
            }
            spin_loop();
            lane.drain(|at, word| records.push((at, word)));
        }
        self.section.begin(self.time.now());
        let is_over = |at: u64| records.iter().any(|(since, _)| *since == at);
        let open = open.filter(|open| !is_over(open.at));
        for (place, &(at, word)) in records.iter().enumerate() {
            let next = records.get(place + 1).map(|(_, word)| *word);
            self.record(number, at, word, next);
        }
        let known = &mut self.known[number];
        if let Some(open) = open
            && known.announced != open.at
        {
            known.announced = open.at;
            let at = self.time.at(open.at).max(known.last);
            known.last = at;
            self.section.open(at, open.task);
        }
        let news = lost - std::mem::replace(&mut known.lost, lost);
        self.end_section(number, news);
        self.records = records;
    }

    /// Adds one record; `next` is the one behind it.
    fn record(&mut self, lane: usize, raw: u64, word: Word, next: Option<Word>) {
        let Some(tag) = word.tag() else { return };
        let known = &mut self.known[lane];
        let is_span = matches!(tag, Tag::Poll | Tag::Sleep);
        let begun = self.time.at(raw);
        let mut told = Told {
            tag,
            at: begun,
            id: word.id(),
            more: word.more().into(),
            flags: 0,
        };
        if is_span {
            // What happened inside it was told before it, and lies inside it.
            let end = (begun + Time::length(word.ticks())).max(known.last);
            (told.more, told.flags) = (end - begun, word.flags());
            known.last = end;
        } else {
            told.at = begun.max(known.last);
            known.last = told.at;
        }
        match tag {
            Tag::Poll => {
                let drops =
                    next.is_some_and(|next| next.tag() == Some(Tag::End) && next.id() == word.id());
                if drops {
                    // Its future is dropped: no turn of its own.
                    told.flags |= flag::CONTINUED;
                } else {
                    known.polled = Some((told.id, told.flags & flag::PANICKED != 0));
                }
            }
            Tag::End => told.more = outcome(told.id, known.polled),
            Tag::Thread => known.thread = Some(told),
            Tag::ThreadEnded => known.thread = None,
            _ => {}
        }
        if self.alive.note(lane, &mut told) {
            self.section.record(&told);
        }
    }
}
